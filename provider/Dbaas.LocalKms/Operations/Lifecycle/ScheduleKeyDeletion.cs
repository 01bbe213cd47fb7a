using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Lifecycle;

internal sealed record ScheduleKeyDeletionRequest(string? KeyId, int? PendingWindowInDays);

internal sealed record ScheduleKeyDeletionResponse(
    string KeyId,
    double DeletionDate,
    KeyState KeyState,
    int PendingWindowInDays
);

internal sealed class ScheduleKeyDeletion(KeyChange change, TimeProvider time)
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

        var days = request.PendingWindowInDays ?? DefaultDays;
        var date = time.GetUtcNow().AddDays(days);
        return (
            await change.ApplyAsync(
                caller,
                Name,
                request.KeyId,
                current => current with { State = KeyState.PendingDeletion, DeletionDate = date },
                cancellationToken
            )
        ).Then<ScheduleKeyDeletionResponse>(scheduled => new ScheduleKeyDeletionResponse(
            scheduled.Arn,
            EpochSeconds.From(date),
            scheduled.State,
            days
        ));
    }
}
