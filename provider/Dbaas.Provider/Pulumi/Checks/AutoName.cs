using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dbaas.Provider.Pulumi.Wire;

namespace Dbaas.Provider.Pulumi.Checks;

/// <summary>
/// Names a resource whose program gives no name. The suffix comes from the URN and not from chance: a run that was killed and begins
/// again must find what it made, by the same name.
/// </summary>
internal static class AutoName
{
    private const int SuffixBytes = 4;
    private const int SuffixLength = 7;
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(200);

    /// <summary>A name that fits the pattern, as the engine's settings want it; null when they forbid to choose one.</summary>
    public static string? Choose(
        string? pattern,
        string logicalName,
        string urn,
        CheckRequest.Types.AutonamingOptions? options
    ) =>
        options?.Mode switch
        {
            CheckRequest.Types.AutonamingOptions.Types.Mode.Disable => null,
            // To the letter or not at all; a name that does not fit is refused like one that was written.
            CheckRequest.Types.AutonamingOptions.Types.Mode.Enforce => options.ProposedName,
            CheckRequest.Types.AutonamingOptions.Types.Mode.Propose
                when options.ProposedName.Length > 0 => Fit(pattern, options.ProposedName, ""),
            _ => Fit(pattern, logicalName, "-" + Suffix(urn)),
        };

    private static string Fit(string? pattern, string wanted, string suffix)
    {
        if (suffix.Length == 0 && Fits(pattern, wanted))
        {
            return wanted;
        }

        var stem = Stem(wanted);
        while (stem.Length > 1 && !Fits(pattern, stem + suffix))
        {
            stem = stem[..^1].TrimEnd('-');
        }

        return stem + suffix;
    }

    private static string Stem(string wanted)
    {
        var stem = new StringBuilder(wanted.Length);
        foreach (var letter in wanted.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                stem.Append(letter);
            }
            else if (stem.Length > 0 && stem[^1] != '-')
            {
                stem.Append('-');
            }
        }

        var text = stem.ToString().TrimEnd('-');
        return text.Length > 0 && char.IsAsciiLetter(text[0]) ? text : "r-" + text;
    }

    private static string Suffix(string urn) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(urn))[..SuffixBytes])[
            ..SuffixLength
        ];

    private static bool Fits(string? pattern, string name) =>
        pattern is null || Regex.IsMatch(name, pattern, RegexOptions.ECMAScript, PatternTimeout);
}
