using Dbaas.LocalKms.Principals;

namespace Dbaas.LocalKms.Grants;

/// <summary>A right on one key given to one principal, until it is retired or revoked.</summary>
internal sealed record GrantRecord
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string GrantId { get; init; }
    public required string KeyId { get; init; }
    public required string GranteePrincipal { get; init; }
    public string? RetiringPrincipal { get; init; }
    public required string IssuingPrincipal { get; init; }
    public required IReadOnlyList<string> Operations { get; init; }
    public GrantConstraints? Constraints { get; init; }
    public string? Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public bool Allows(string principalArn, AccessRequest request) =>
        GranteePrincipal == principalArn
        && Operations.Contains(request.Action)
        && (
            !BoundToContext(request.Action)
            || Constraints is null
            || Constraints.Hold(request.Context)
        )
        && (request.Grant is not { } next || Covers(next));

    /// <summary>Same in everything a caller can choose: a repeated CreateGrant of that name makes no second one.</summary>
    public bool SameAs(GrantRecord other) =>
        KeyId == other.KeyId
        && Name == other.Name
        && GranteePrincipal == other.GranteePrincipal
        && RetiringPrincipal == other.RetiringPrincipal
        && Operations
            .Order(StringComparer.Ordinal)
            .SequenceEqual(other.Operations.Order(StringComparer.Ordinal))
        && GrantConstraints.Same(Constraints, other.Constraints);

    // Whoever passes a grant on can give no more than they have.
    private bool Covers(GrantRecord next) =>
        next.Operations.All(Operations.Contains)
        && (Constraints is null || GrantConstraints.Same(Constraints, next.Constraints));

    // As in AWS: constraints bind the operations that take an encryption context, not DescribeKey, CreateGrant and RetireGrant.
    private static bool BoundToContext(string action) =>
        action is not ("DescribeKey" or "CreateGrant" or "RetireGrant");
}
