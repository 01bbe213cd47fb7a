using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Rotation;

internal sealed class DisableKeyRotation(KeyChange change)
    : KmsOperation<KeyIdRequest, Nothing>(KmsJson.Default.KeyIdRequest, KmsJson.Default.Nothing)
{
    public override string Name => "DisableKeyRotation";

    protected override Task<Outcome<Nothing>> HandleAsync(
        KeyIdRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        change.QuietlyAsync(
            caller,
            Name,
            request.KeyId,
            key =>
                key.State == KeyState.Disabled ? KmsRefusal.Disabled(key.Arn)
                : key.Rotation is null ? key
                : key with { Rotation = null },
            cancellationToken
        );
}
