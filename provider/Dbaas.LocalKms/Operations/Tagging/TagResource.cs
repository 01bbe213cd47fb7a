using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Tagging;

internal sealed record TagResourceRequest(string? KeyId, IReadOnlyList<KeyTag>? Tags);

/// <summary>Adds tags; one that is there gets the new value.</summary>
internal sealed class TagResource(KeyChange change)
    : KmsOperation<TagResourceRequest, Nothing>(
        KmsJson.Default.TagResourceRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "TagResource";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        TagResourceRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (request.Tags is not { } tags)
        {
            return RequestRules.Constraint("tags", "Member must not be null");
        }

        return TagRules.Refuse(tags) is { } invalid
            ? invalid
            : await change.QuietlyAsync(
                caller,
                Name,
                request.KeyId,
                key => Tagged(key, tags),
                cancellationToken
            );
    }

    private static Outcome<KeyRecord> Tagged(KeyRecord key, IReadOnlyList<KeyTag> tags)
    {
        var all = new Dictionary<string, string>(key.Tags);
        foreach (var tag in tags)
        {
            all[tag.TagKey!] = tag.TagValue!;
        }

        return all.Count > TagRules.MaximumPerKey
            ? TagRules.TooMany(key.Arn)
            : key with
            {
                Tags = all,
            };
    }
}
