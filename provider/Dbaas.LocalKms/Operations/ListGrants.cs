using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

internal sealed record ListGrantsRequest(
    string? KeyId,
    string? GrantId,
    string? GranteePrincipal,
    int? Limit,
    string? Marker
);

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
}

internal sealed record ListGrantsResponse(
    IReadOnlyList<GrantListEntry> Grants,
    string? NextMarker,
    bool Truncated
);

internal sealed class ListGrants(KeyGate gate, GrantStore grants)
    : KmsOperation<ListGrantsRequest, ListGrantsResponse>(
        KmsJson.Default.ListGrantsRequest,
        KmsJson.Default.ListGrantsResponse
    )
{
    public override string Name => "ListGrants";

    protected override Task<Outcome<ListGrantsResponse>> HandleAsync(
        ListGrantsRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) => Task.FromResult(List(request, caller));

    private Outcome<ListGrantsResponse> List(ListGrantsRequest request, Caller caller)
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
            .Of(all, grant => grant.GrantId, request.Limit, request.Marker)
            .Refused(out var invalid, out var page)
            ? invalid
            : new ListGrantsResponse(
                [.. page.Items.Select(grant => Entry(grant, key))],
                page.NextMarker,
                page.Truncated
            );
    }

    private static GrantListEntry Entry(GrantRecord grant, KeyRecord key) =>
        new()
        {
            KeyId = key.Arn,
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
