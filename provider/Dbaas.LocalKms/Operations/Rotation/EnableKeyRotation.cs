using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Rotation;

internal sealed record EnableKeyRotationRequest(string? KeyId, int? RotationPeriodInDays);

/// <summary>Switches automatic rotation on, or changes its period.</summary>
internal sealed class EnableKeyRotation(KeyChange change, TimeProvider time)
    : KmsOperation<EnableKeyRotationRequest, Nothing>(
        KmsJson.Default.EnableKeyRotationRequest,
        KmsJson.Default.Nothing
    )
{
    private const int MinimumDays = 90;
    private const int UsualDays = 365;
    private const int MaximumDays = 2560;

    public override string Name => "EnableKeyRotation";

    protected override async Task<Outcome<Nothing>> HandleAsync(
        EnableKeyRotationRequest request,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        RequestRules.Range(
            "rotationPeriodInDays",
            request.RotationPeriodInDays,
            MinimumDays,
            MaximumDays
        )
            is { } invalid
            ? invalid
            : await change.QuietlyAsync(
                caller,
                Name,
                request.KeyId,
                key => Switched(key, request.RotationPeriodInDays),
                cancellationToken
            );

    // A period that is not named stays what it was.
    private Outcome<KeyRecord> Switched(KeyRecord key, int? days) =>
        key.State == KeyState.Disabled
            ? KmsRefusal.Disabled(key.Arn)
            : key with
            {
                Rotation = new(
                    days ?? key.Rotation?.PeriodDays ?? UsualDays,
                    key.Rotation?.Since ?? time.GetUtcNow()
                ),
            };
}
