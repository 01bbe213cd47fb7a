using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Policies;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Policies;

internal sealed record PutKeyPolicyRequest
{
    public string? KeyId { get; init; }
    public string? PolicyName { get; init; }
    public string? Policy { get; init; }
    public bool? BypassPolicyLockoutSafetyCheck { get; init; }
}

internal sealed class PutKeyPolicy(KeyChange change, Access access)
    : KmsOperation<PutKeyPolicyRequest, Nothing>(
        KmsJson.Default.PutKeyPolicyRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "PutKeyPolicy";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        PutKeyPolicyRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (
            (
                RequestRules.Policy(request.Policy)
                ?? (
                    (request.PolicyName ?? KeyPolicy.Name) == KeyPolicy.Name
                        ? null
                        : KmsRefusal.Validation($"The name of a key policy is {KeyPolicy.Name}.")
                )
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        return await change.QuietlyAsync(
            caller,
            Name,
            request.KeyId,
            key => Guarded(caller, key with { Policy = request.Policy }, request),
            cancellationToken
        );
    }

    private Outcome<KeyRecord> Guarded(
        Caller caller,
        KeyRecord after,
        PutKeyPolicyRequest request
    ) =>
        request.BypassPolicyLockoutSafetyCheck is not true
        && access.Refuse(caller, new AccessRequest(Name) { Key = after }) is not null
            ? PolicyShelf.LockedOut()
            : after;
}
