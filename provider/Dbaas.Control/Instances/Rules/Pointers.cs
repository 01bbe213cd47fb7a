namespace Dbaas.Control.Instances.Rules;

/// <summary>JSON pointers (RFC 6901) of inputs.</summary>
internal static class Pointers
{
    /// <summary>Characters of a key that are repeated; as long as the longest that is ever right.</summary>
    private const int LongestKey = 128;

    public static string Of(string property, string key) =>
        $"/{property}/{(key.Length > LongestKey ? key[..LongestKey] : key).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Of(string property, int index) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/{property}/{index}");
}
