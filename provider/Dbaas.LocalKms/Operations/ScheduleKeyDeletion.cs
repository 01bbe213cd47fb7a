using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations;

internal sealed record ScheduleKeyDeletionRequest(string? KeyId, int? PendingWindowInDays);

internal sealed record ScheduleKeyDeletionResponse(
    string KeyId,
    double DeletionDate,
    KeyState KeyState,
    int PendingWindowInDays
);

internal sealed class ScheduleKeyDeletion(KeyGate gate, KeyStore keys, TimeProvider time)
    : KmsOperation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse>(
        KmsJson.Default.ScheduleKeyDeletionRequest,
        KmsJson.Default.ScheduleKeyDeletionResponse
    )
{
    private const int DefaultDays = 30;

    public override string Name => "ScheduleKeyDeletion";

    protected override async Task<Outcome<ScheduleKeyDeletionResponse>> HandleAsync(
        ScheduleKeyDeletionRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (
            RequestRules.Range(
                "pendingWindowInDays",
                request.PendingWindowInDays,
                7,
                DefaultDays
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        if (
            gate.Administer(caller, request.KeyId, new AccessRequest(Name))
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        var days = request.PendingWindowInDays ?? DefaultDays;
        var date = time.GetUtcNow().AddDays(days);
        var outcome = await keys.ChangeAsync(
            key.KeyId,
            current =>
                current.State == KeyState.PendingDeletion
                    ? new KmsRefusal(
                        "KMSInvalidStateException",
                        $"{current.Arn} is pending deletion."
                    )
                    : current with
                    {
                        State = KeyState.PendingDeletion,
                        DeletionDate = date,
                    },
            cancellationToken
        );
        return outcome.Refused(out var unchanged, out var scheduled)
            ? unchanged
            : new ScheduleKeyDeletionResponse(
                scheduled.Arn,
                EpochSeconds.From(date),
                scheduled.State,
                days
            );
    }
}
