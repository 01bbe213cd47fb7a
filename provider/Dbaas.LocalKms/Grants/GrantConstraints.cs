using Dbaas.LocalKms.Keys;

namespace Dbaas.LocalKms.Grants;

/// <summary>Which encryption contexts a grant is for.</summary>
internal sealed record GrantConstraints
{
    public Dictionary<string, string>? EncryptionContextSubset { get; init; }
    public Dictionary<string, string>? EncryptionContextEquals { get; init; }

    public bool Hold(EncryptionContext context) =>
        (EncryptionContextSubset is null || context.Includes(EncryptionContextSubset))
        && (EncryptionContextEquals is null || context.Is(EncryptionContextEquals));

    public static bool Same(GrantConstraints? left, GrantConstraints? right) =>
        Same(left?.EncryptionContextSubset, right?.EncryptionContextSubset)
        && Same(left?.EncryptionContextEquals, right?.EncryptionContextEquals);

    private static bool Same(Dictionary<string, string>? left, Dictionary<string, string>? right) =>
        left is null || right is null
            ? left is null && right is null
            : EncryptionContext.Of(left).Is(right);
}
