using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Rotation;

internal sealed record RotateKeyOnDemandResponse(string KeyId);

/// <summary>New material now. It is complete when this answers: nothing has to be copied to anywhere.</summary>
internal sealed class RotateKeyOnDemand(KeyChange change, MaterialRotation rotation)
    : KmsOperation<KeyIdRequest, RotateKeyOnDemandResponse>(
        KmsJson.Default.KeyIdRequest,
        KmsJson.Default.RotateKeyOnDemandResponse
    )
{
    private const int Maximum = 25;

    public override string Name => "RotateKeyOnDemand";

    protected override async Task<Outcome<RotateKeyOnDemandResponse>> HandleAsync(
        KeyIdRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        (
            await change.ApplyAsync(caller, Name, request.KeyId, Rotated, cancellationToken)
        ).Then<RotateKeyOnDemandResponse>(key => new RotateKeyOnDemandResponse(key.Arn));

    private Outcome<KeyRecord> Rotated(KeyRecord key) =>
        key.State == KeyState.Disabled ? KmsRefusal.Disabled(key.Arn)
        : key.BackingKeys.Count(material => material.Rotation == RotationKind.OnDemand) >= Maximum
            ? KmsRefusal.LimitExceeded($"{key.Arn} was rotated on demand {Maximum} times already.")
        : rotation.Rotated(key, RotationKind.OnDemand);
}
