using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Lifecycle;

internal sealed record ListKeysRequest(int? Limit, string? Marker);

internal sealed record KeyListEntry(string KeyId, string KeyArn);

internal sealed record ListKeysResponse(
    IReadOnlyList<KeyListEntry> Keys,
    string? NextMarker,
    bool Truncated
);

internal sealed class ListKeys(KeyStore keys, Access access)
    : ImmediateOperation<ListKeysRequest, ListKeysResponse>(
        KmsJson.Default.ListKeysRequest,
        KmsJson.Default.ListKeysResponse
    )
{
    public override string Name => "ListKeys";

    protected override Outcome<ListKeysResponse> Answer(ListKeysRequest request, Caller caller)
    {
        if (access.Refuse(caller, new AccessRequest(Name)) is { } denied)
        {
            return denied;
        }

        return ListPage<KeyRecord>
            .Of(keys.Keys, key => key.KeyId, request.Limit, request.Marker, PageLimits.Keys)
            .Refused(out var refusal, out var page)
            ? refusal
            : new ListKeysResponse(
                [.. page.Items.Select(key => new KeyListEntry(key.KeyId, key.Arn))],
                page.NextMarker,
                page.Truncated
            );
    }
}
