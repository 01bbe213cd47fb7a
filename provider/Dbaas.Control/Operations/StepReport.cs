using Dbaas.Control.Audit;

namespace Dbaas.Control.Operations;

/// <summary>Passes a step's own words on to those who wait, at most twice a second; losing one is harmless.</summary>
internal sealed partial class StepReport(
    OperationStore store,
    OperationRow row,
    int step,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private readonly Lock _gate = new();
    private long _last;
    private Task _saving = Task.CompletedTask;

    public void Say(string message)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_saving.IsCompleted || (_last != 0 && time.GetElapsedTime(_last, now) < s_pause))
            {
                return;
            }

            _last = now;
            _saving = SaveAsync(message);
        }
    }

    private async Task SaveAsync(string message)
    {
        try
        {
            await store.SaveAsync(
                row.TenantId,
                row.OperationId,
                step,
                (_, stepRow) =>
                {
                    if (stepRow is null || stepRow.State is OperationStates.StepDone)
                    {
                        return null;
                    }

                    stepRow.Message = message;
                    return new EventDraft("operation.step.progress", message) { Audit = false };
                },
                CancellationToken.None
            );
        }
        catch (Exception exception)
        {
            LogLost(exception);
        }
    }

    [LoggerMessage(3009, LogLevel.Debug, "A progress message was lost")]
    private partial void LogLost(Exception exception);
}
