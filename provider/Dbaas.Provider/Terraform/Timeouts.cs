using System.Globalization;
using System.Text.RegularExpressions;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Terraform;

/// <summary>
/// How long an apply waits for an operation. Not part of schema.json, because it concerns the waiting alone: the work itself goes on in
/// the platform.
/// </summary>
internal static partial class Timeouts
{
    public const string Attribute = "timeouts";
    public const string Create = "create";
    public const string Update = "update";
    public const string Delete = "delete";

    /// <summary>Below the one hour after which most CI systems end a job.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(30);

    public static readonly ValueShape.Object Type = new(
        new SortedDictionary<string, ValueShape>(StringComparer.Ordinal)
        {
            [Create] = ValueShape.Text,
            [Update] = ValueShape.Text,
            [Delete] = ValueShape.Text,
        }
    );

    /// <summary>The configured time for an action, or the default.</summary>
    public static TimeSpan For(Value.Map? resource, string action) =>
        resource?[Attribute] is Value.Map set
        && set[action] is Value.Text text
        && TryParse(text.Content, out var time)
            ? time
            : Default;

    public static IEnumerable<Diagnostic> Check(Value.Map config)
    {
        if (config[Attribute] is not Value.Map set)
        {
            yield break;
        }

        foreach (var (action, value) in set.Members)
        {
            if (value is Value.Text text && !TryParse(text.Content, out _))
            {
                yield return Diagnostics.Error(
                    $"'{text.Content}' is no duration for {action}",
                    "Write hours, minutes and seconds, for example 45m or 1h30m; more than zero.",
                    new AttributePath().Then(Attribute)
                );
            }
        }
    }

    private static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        var match = Duration().Match(text);
        if (!match.Success)
        {
            return false;
        }

        time =
            TimeSpan.FromHours(Part(match, 1))
            + TimeSpan.FromMinutes(Part(match, 2))
            + TimeSpan.FromSeconds(Part(match, 3));
        return time > TimeSpan.Zero;
    }

    private static int Part(Match match, int group) =>
        match.Groups[group].Success
            ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex("^(?:([0-9]{1,3})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,6})s)?$")]
    private static partial Regex Duration();
}
