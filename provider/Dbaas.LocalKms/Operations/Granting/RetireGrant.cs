using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Granting;

internal sealed record RetireGrantRequest(
    string? GrantToken,
    string? KeyId,
    string? GrantId,
    bool? DryRun
);

/// <summary>Ends a grant: by its retiring principal, by its grantee when the grant says so, or by whoever has the right.</summary>
internal sealed class RetireGrant(KeyStore keys, Access access, GrantStore grants)
    : KmsOperation<RetireGrantRequest, Nothing>(
        KmsJson.Default.RetireGrantRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "RetireGrant";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        RetireGrantRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (Find(request).Refused(out var unknown, out var grant))
        {
            return unknown;
        }

        if (keys.Find(grant.KeyId, byAlias: false).Refused(out var noKey, out var key))
        {
            return noKey;
        }

        caller.Touches(key.Arn, []);
        var own =
            grant.RetiringPrincipal == caller.Principal.Arn
            || (grant.GranteePrincipal == caller.Principal.Arn && grant.Operations.Contains(Name));
        if (!own && access.Refuse(caller, new AccessRequest(Name) { Key = key }) is { } denied)
        {
            return denied;
        }

        if (request.DryRun is true)
        {
            return KmsRefusal.DryRun();
        }

        await grants.RemoveAsync(grant.GrantId, cancellationToken);
        return Nothing.Value;
    }

    private Outcome<GrantRecord> Find(RetireGrantRequest request)
    {
        if (request.GrantToken is { } token)
        {
            return grants.ByToken(token) is { } grant ? grant : KmsRefusal.InvalidGrantToken();
        }

        if (request.GrantId is null || request.KeyId is null)
        {
            return KmsRefusal.Validation("Give a grant token, or a key ARN and a grant id.");
        }

        if (keys.Find(request.KeyId, byAlias: false).Refused(out var unknown, out var key))
        {
            return unknown;
        }

        return grants.Find(request.GrantId) is { } found && found.KeyId == key.KeyId
            ? found
            : KmsRefusal.NotFound($"Grant ID {request.GrantId} not found");
    }
}
