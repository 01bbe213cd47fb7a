using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Rotation;

internal sealed record KeyRotationStatusResponse(
    string KeyId,
    bool KeyRotationEnabled,
    int? RotationPeriodInDays,
    double? NextRotationDate
);

internal sealed class GetKeyRotationStatus(KeyGate gate)
    : ImmediateOperation<KeyIdRequest, KeyRotationStatusResponse>(
        KmsJson.Default.KeyIdRequest,
        KmsJson.Default.KeyRotationStatusResponse
    )
{
    public override string Name => "GetKeyRotationStatus";

    protected override Outcome<KeyRotationStatusResponse> Answer(
        KeyIdRequest request,
        Caller caller
    ) =>
        gate.Administer(caller, request.KeyId, new AccessRequest(Name))
            .Then<KeyRotationStatusResponse>(key =>
                // A key about to be destroyed rotates no more, as in AWS; cancelled, it goes on as before.
                key.Rotation
                    is { } automatic
                && key.State != KeyState.PendingDeletion
                    ? new KeyRotationStatusResponse(
                        key.Arn,
                        true,
                        automatic.PeriodDays,
                        EpochSeconds.From(automatic.NextAt)
                    )
                    : new KeyRotationStatusResponse(key.Arn, false, null, null)
            );
}
