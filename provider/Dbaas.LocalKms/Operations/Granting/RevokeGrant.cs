using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Granting;

internal sealed record RevokeGrantRequest(string? KeyId, string? GrantId, bool? DryRun);

internal sealed class RevokeGrant(KeyGate gate, GrantStore grants)
    : KmsOperation<RevokeGrantRequest, Nothing>(
        KmsJson.Default.RevokeGrantRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "RevokeGrant";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        RevokeGrantRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (
            gate.Administer(caller, request.KeyId, new AccessRequest(Name))
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        if (
            request.GrantId is not { } grantId
            || grants.Find(grantId) is not { } grant
            || grant.KeyId != key.KeyId
        )
        {
            return KmsRefusal.NotFound($"Grant ID {request.GrantId} not found");
        }

        if (request.DryRun is true)
        {
            return KmsRefusal.DryRun();
        }

        await grants.RemoveAsync(grantId, cancellationToken);
        return Nothing.Value;
    }
}
