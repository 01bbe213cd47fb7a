using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Granting;

internal sealed record ListGrantsRequest(
    string? KeyId,
    string? GrantId,
    string? GranteePrincipal,
    int? Limit,
    string? Marker
);

internal sealed record ListGrantsResponse(
    IReadOnlyList<GrantListEntry> Grants,
    string? NextMarker,
    bool Truncated
);

internal sealed class ListGrants(KeyGate gate, GrantStore grants)
    : ImmediateOperation<ListGrantsRequest, ListGrantsResponse>(
        KmsJson.Default.ListGrantsRequest,
        KmsJson.Default.ListGrantsResponse
    )
{
    public override string Name => "ListGrants";

    protected override Outcome<ListGrantsResponse> Answer(ListGrantsRequest request, Caller caller)
    {
        if (
            gate.Administer(caller, request.KeyId, new AccessRequest(Name))
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        var all = grants
            .OfKey(key.KeyId)
            .Where(grant =>
                (request.GrantId is null || grant.GrantId == request.GrantId)
                && (
                    request.GranteePrincipal is null
                    || grant.GranteePrincipal == request.GranteePrincipal
                )
            );
        return ListPage<GrantRecord>
            .Of(all, grant => grant.GrantId, request.Limit, request.Marker, PageLimits.Grants)
            .Refused(out var invalid, out var page)
            ? invalid
            : new ListGrantsResponse(
                [.. page.Items.Select(grant => GrantListEntry.Of(grant, key.Arn))],
                page.NextMarker,
                page.Truncated
            );
    }
}
