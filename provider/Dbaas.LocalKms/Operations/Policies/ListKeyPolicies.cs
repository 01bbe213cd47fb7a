using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Policies;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Policies;

internal sealed record ListKeyPoliciesResponse(
    IReadOnlyList<string> PolicyNames,
    string? NextMarker,
    bool Truncated
);

/// <summary>Every key has one policy, and its name is always the same.</summary>
internal sealed class ListKeyPolicies(KeyGate gate)
    : ImmediateOperation<KeyPageRequest, ListKeyPoliciesResponse>(
        KmsJson.Default.KeyPageRequest,
        KmsJson.Default.ListKeyPoliciesResponse
    )
{
    public override string Name => "ListKeyPolicies";

    protected override Outcome<ListKeyPoliciesResponse> Answer(
        KeyPageRequest request,
        Caller caller
    ) =>
        gate.Administer(caller, request.KeyId, new AccessRequest(Name))
            .Then(_ =>
                ListPage<string>.Of(
                    [KeyPolicy.Name],
                    name => name,
                    request.Limit,
                    request.Marker,
                    PageLimits.Policies
                )
            )
            .Then<ListKeyPoliciesResponse>(page => new ListKeyPoliciesResponse(
                page.Items,
                page.NextMarker,
                page.Truncated
            ));
}
