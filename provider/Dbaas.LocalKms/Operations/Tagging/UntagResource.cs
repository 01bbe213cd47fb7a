using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Tagging;

internal sealed record UntagResourceRequest(string? KeyId, IReadOnlyList<string>? TagKeys);

/// <summary>Takes tags away; one that is not there is no error.</summary>
internal sealed class UntagResource(KeyChange change)
    : KmsOperation<UntagResourceRequest, Nothing>(
        KmsJson.Default.UntagResourceRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "UntagResource";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        UntagResourceRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (request.TagKeys is not { } tagKeys)
        {
            return RequestRules.Constraint("tagKeys", "Member must not be null");
        }

        return await change.QuietlyAsync(
            caller,
            Name,
            request.KeyId,
            key =>
                key with
                {
                    Tags = key
                        .Tags.Where(tag => !tagKeys.Contains(tag.Key))
                        .ToDictionary(tag => tag.Key, tag => tag.Value),
                },
            cancellationToken
        );
    }
}
