using System.Text.RegularExpressions;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Aliases;

/// <summary>What an alias of a user's own may look like.</summary>
internal static partial class AliasRules
{
    /// <summary>Aliases one key may have.</summary>
    public const int MaximumPerKey = 50;
    private const string Reserved = "alias/aws/";

    public static KmsRefusal? Refuse(string? name) =>
        name is not null
        && AliasName().IsMatch(name)
        && !name.StartsWith(Reserved, StringComparison.Ordinal)
            ? null
            : new KmsRefusal(
                "InvalidAliasNameException",
                "Aliases start with alias/, hold up to 256 letters, digits and /_- and do not start with alias/aws/."
            );

    public static KmsRefusal NotFound(string aliasArn) =>
        KmsRefusal.NotFound($"Alias {aliasArn} is not found.");

    public static KmsRefusal TooMany(string keyArn) =>
        KmsRefusal.LimitExceeded($"{keyArn} has {MaximumPerKey} aliases already.");

    [GeneratedRegex(@"^alias/[a-zA-Z0-9/_-]{1,250}\z")]
    private static partial Regex AliasName();
}
