using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Control.Identity;

/// <summary>
/// An API key in the clear: <c>dbk_PREFIX_SECRET</c>. The prefix finds the row, the whole text is hashed. SHA-256 without stretching is
/// enough: the secret holds 238 random bits, so there is nothing to guess.
/// </summary>
internal readonly record struct ApiKeySecret
{
    private const string Alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PrefixLength = 12;
    private const int SecretLength = 40;

    private ApiKeySecret(string text) => Text = text;

    /// <summary>The whole key; shown once, never stored, never logged.</summary>
    public string Text { get; }

    /// <summary><c>dbk_</c> and twelve characters; unique, no secret.</summary>
    public string Prefix => Text[..(4 + PrefixLength)];

    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(Text));

    public static ApiKeySecret Draw() =>
        new(
            $"dbk_{RandomNumberGenerator.GetString(Alphabet, PrefixLength)}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}"
        );

    public static bool TryParse([NotNullWhen(true)] string? text, out ApiKeySecret key)
    {
        key = default;
        if (
            text is not { Length: 4 + PrefixLength + 1 + SecretLength }
            || !text.StartsWith("dbk_", StringComparison.Ordinal)
            || text[4 + PrefixLength] != '_'
            || text.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_')
        )
        {
            return false;
        }

        key = new ApiKeySecret(text);
        return true;
    }

    /// <summary>Never the secret, wherever the key ends up in a text.</summary>
    public override string ToString() => Prefix;
}
