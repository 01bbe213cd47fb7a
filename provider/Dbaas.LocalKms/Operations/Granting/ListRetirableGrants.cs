using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Granting;

internal sealed record ListRetirableGrantsRequest(
    string? RetiringPrincipal,
    int? Limit,
    string? Marker
);

/// <summary>Grants of all keys that name one principal as the one to retire them.</summary>
internal sealed class ListRetirableGrants(KeyStore keys, GrantStore grants, Access access)
    : ImmediateOperation<ListRetirableGrantsRequest, ListGrantsResponse>(
        KmsJson.Default.ListRetirableGrantsRequest,
        KmsJson.Default.ListGrantsResponse
    )
{
    public override string Name => "ListRetirableGrants";

    protected override Outcome<ListGrantsResponse> Answer(
        ListRetirableGrantsRequest request,
        Caller caller
    )
    {
        if (RequestRules.Text("retiringPrincipal", request.RetiringPrincipal, 256) is { } invalid)
        {
            return invalid;
        }

        if (access.Refuse(caller, new AccessRequest(Name)) is { } denied)
        {
            return denied;
        }

        var retirable = grants.All.Where(grant =>
            grant.RetiringPrincipal == request.RetiringPrincipal
        );
        return ListPage<GrantRecord>
            .Of(retirable, grant => grant.GrantId, request.Limit, request.Marker, PageLimits.Grants)
            .Then<ListGrantsResponse>(page => new ListGrantsResponse(
                [
                    .. page.Items.Select(grant =>
                        GrantListEntry.Of(grant, keys.ArnOf("key/" + grant.KeyId))
                    ),
                ],
                page.NextMarker,
                page.Truncated
            ));
    }
}
