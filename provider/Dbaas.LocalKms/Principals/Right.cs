namespace Dbaas.LocalKms.Principals;

/// <summary>Allows some operations, narrowed by conditions; every condition that is set must hold.</summary>
internal sealed record Right
{
    /// <summary>In <see cref="Operations"/>: every operation there is.</summary>
    public const string Everything = "*";

    /// <summary>Names of the KMS API; ReEncrypt asks for ReEncryptFrom and ReEncryptTo, as AWS does.</summary>
    public required IReadOnlyList<string> Operations { get; init; }

    /// <summary>Entries the encryption context must have, others may be there too. Absent: any context.</summary>
    public IReadOnlyDictionary<string, string>? Context { get; init; }

    /// <summary>
    /// ReEncrypt only: the context must stay what it was. Without it, whoever may re-encrypt could move a ciphertext under a context
    /// they may decrypt.
    /// </summary>
    public bool ContextUnchanged { get; init; }

    /// <summary>CreateGrant only: who may be given a grant. Absent: anybody, the caller included.</summary>
    public IReadOnlyList<string>? Grantees { get; init; }

    public bool Allows(AccessRequest request) =>
        (Operations.Contains(request.Action) || Operations.Contains(Everything))
        && (Context is null || request.Context.Includes(Context))
        && (!ContextUnchanged || request.ContextUnchanged)
        && (
            Grantees is null
            || (request.Grant is { } grant && Grantees.Contains(grant.GranteePrincipal))
        );
}
