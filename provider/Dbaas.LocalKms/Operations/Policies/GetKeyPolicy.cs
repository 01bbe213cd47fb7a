using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Policies;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Policies;

internal sealed record GetKeyPolicyRequest(string? KeyId, string? PolicyName);

internal sealed record GetKeyPolicyResponse(string Policy, string PolicyName);

internal sealed class GetKeyPolicy(KeyGate gate, PolicyShelf policies)
    : ImmediateOperation<GetKeyPolicyRequest, GetKeyPolicyResponse>(
        KmsJson.Default.GetKeyPolicyRequest,
        KmsJson.Default.GetKeyPolicyResponse
    )
{
    public override string Name => "GetKeyPolicy";

    protected override Outcome<GetKeyPolicyResponse> Answer(
        GetKeyPolicyRequest request,
        Caller caller
    ) =>
        gate.Administer(caller, request.KeyId, new AccessRequest(Name))
            .Then<GetKeyPolicyResponse>(key =>
                (request.PolicyName ?? KeyPolicy.Name) == KeyPolicy.Name
                    ? new GetKeyPolicyResponse(policies.TextOf(key), KeyPolicy.Name)
                    : KmsRefusal.NotFound("No such policy exists")
            );
}
