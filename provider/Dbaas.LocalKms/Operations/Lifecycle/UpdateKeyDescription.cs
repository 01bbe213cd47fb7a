using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Lifecycle;

internal sealed record UpdateKeyDescriptionRequest(string? KeyId, string? Description);

internal sealed class UpdateKeyDescription(KeyChange change)
    : KmsOperation<UpdateKeyDescriptionRequest, Nothing>(
        KmsJson.Default.UpdateKeyDescriptionRequest,
        KmsJson.Default.Nothing
    )
{
    public override string Name => "UpdateKeyDescription";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        UpdateKeyDescriptionRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        RequestRules.Description(request.Description) is { } invalid
            ? invalid
            : await change.QuietlyAsync(
                caller,
                Name,
                request.KeyId,
                key => key with { Description = request.Description! },
                cancellationToken
            );
}
