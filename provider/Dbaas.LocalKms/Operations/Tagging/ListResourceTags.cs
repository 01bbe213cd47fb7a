using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Tagging;

internal sealed record ListResourceTagsResponse(
    IReadOnlyList<KeyTag> Tags,
    string? NextMarker,
    bool Truncated
);

internal sealed class ListResourceTags(KeyGate gate)
    : ImmediateOperation<KeyPageRequest, ListResourceTagsResponse>(
        KmsJson.Default.KeyPageRequest,
        KmsJson.Default.ListResourceTagsResponse
    )
{
    public override string Name => "ListResourceTags";

    protected override Outcome<ListResourceTagsResponse> Answer(
        KeyPageRequest request,
        Caller caller
    ) =>
        gate.Administer(caller, request.KeyId, new AccessRequest(Name))
            .Then(key =>
                ListPage<KeyValuePair<string, string>>.Of(
                    key.Tags,
                    tag => tag.Key,
                    request.Limit,
                    request.Marker,
                    PageLimits.Tags
                )
            )
            .Then<ListResourceTagsResponse>(page => new ListResourceTagsResponse(
                [.. page.Items.Select(tag => new KeyTag(tag.Key, tag.Value))],
                page.NextMarker,
                page.Truncated
            ));
}
