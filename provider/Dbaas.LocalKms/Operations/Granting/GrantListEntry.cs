using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Granting;

/// <summary>A grant as lists show it; the token is told once, to whoever made the grant.</summary>
internal sealed record GrantListEntry
{
    public required string KeyId { get; init; }
    public required string GrantId { get; init; }
    public string? Name { get; init; }
    public required double CreationDate { get; init; }
    public required string GranteePrincipal { get; init; }
    public string? RetiringPrincipal { get; init; }
    public required string IssuingAccount { get; init; }
    public required IReadOnlyList<string> Operations { get; init; }
    public GrantConstraints? Constraints { get; init; }

    public static GrantListEntry Of(GrantRecord grant, string keyArn) =>
        new()
        {
            KeyId = keyArn,
            GrantId = grant.GrantId,
            Name = grant.Name,
            CreationDate = EpochSeconds.From(grant.CreatedAt),
            GranteePrincipal = grant.GranteePrincipal,
            RetiringPrincipal = grant.RetiringPrincipal,
            IssuingAccount = grant.IssuingPrincipal,
            Operations = grant.Operations,
            Constraints = grant.Constraints,
        };
}
