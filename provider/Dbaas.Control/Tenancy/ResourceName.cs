using System.Text.RegularExpressions;

namespace Dbaas.Control.Tenancy;

/// <summary>The rule for names that people choose: tenants, instances, aliases of keys.</summary>
internal static partial class ResourceName
{
    public const string Pattern = "^[a-z](-?[a-z0-9])*$";
    public const int MaximumLength = 63;

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= MaximumLength } && Valid().IsMatch(name);

    // \z and not $: a trailing line feed is no part of a name.
    [GeneratedRegex(@"\A[a-z](-?[a-z0-9])*\z", RegexOptions.None, 100)]
    private static partial Regex Valid();
}
