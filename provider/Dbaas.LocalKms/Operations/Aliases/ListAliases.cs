using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Aliases;

internal sealed record ListAliasesRequest(string? KeyId, int? Limit, string? Marker);

internal sealed record AliasListEntry(
    string AliasName,
    string AliasArn,
    string TargetKeyId,
    double CreationDate,
    double LastUpdatedDate
);

internal sealed record ListAliasesResponse(
    IReadOnlyList<AliasListEntry> Aliases,
    string? NextMarker,
    bool Truncated
);

internal sealed class ListAliases(KeyStore keys, KeyGate gate, Access access)
    : ImmediateOperation<ListAliasesRequest, ListAliasesResponse>(
        KmsJson.Default.ListAliasesRequest,
        KmsJson.Default.ListAliasesResponse
    )
{
    public override string Name => "ListAliases";

    protected override Outcome<ListAliasesResponse> Answer(
        ListAliasesRequest request,
        Caller caller
    )
    {
        string? onlyKey = null;
        if (request.KeyId is not null)
        {
            if (
                gate.Administer(caller, request.KeyId, new AccessRequest(Name))
                    .Refused(out var refusal, out var key)
            )
            {
                return refusal;
            }

            onlyKey = key.KeyId;
        }
        else if (access.Refuse(caller, new AccessRequest(Name)) is { } denied)
        {
            return denied;
        }

        var all = keys.Aliases.Where(alias => onlyKey is null || alias.KeyId == onlyKey);
        return ListPage<AliasRecord>
            .Of(all, alias => alias.Name, request.Limit, request.Marker, PageLimits.Aliases)
            .Refused(out var invalid, out var page)
            ? invalid
            : new ListAliasesResponse(
                [.. page.Items.Select(Entry)],
                page.NextMarker,
                page.Truncated
            );
    }

    private AliasListEntry Entry(AliasRecord alias)
    {
        var changedAt = alias.UpdatedAt ?? alias.CreatedAt;
        return new(
            alias.Name,
            keys.ArnOf(alias.Name),
            alias.KeyId,
            EpochSeconds.From(alias.CreatedAt),
            EpochSeconds.From(changedAt)
        );
    }
}
