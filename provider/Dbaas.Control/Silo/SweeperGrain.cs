using Dbaas.Control.Operations;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Silo;

/// <summary>Wakes the grain of every resource whose operation nobody works on. A reminder brings the sweeper back when its silo died.</summary>
internal sealed partial class SweeperGrain(
    OperationStore store,
    IOptions<OperationsOptions> options,
    ILogger<SweeperGrain> logger
) : Grain, ISweeperGrain, IRemindable
{
    private IGrainTimer? _timer;

    public async Task StartAsync()
    {
        await this.RegisterOrUpdateReminder(
            "sweep",
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMinutes(1)
        );
        Arm();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Arm();
        return Task.CompletedTask;
    }

    private void Arm() =>
        _timer ??= this.RegisterGrainTimer(
            SweepAsync,
            new GrainTimerCreationOptions(
                TimeSpan.Zero,
                TimeSpan.FromMilliseconds(options.Value.SweepMilliseconds)
            )
            {
                KeepAlive = true,
            }
        );

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (
                var (tenant, resource) in await store.FindRunnableAsync(
                    (int)this.GetPrimaryKeyLong(),
                    cancellationToken
                )
            )
            {
                await GrainFactory.GetGrain<IInstanceGrain>($"{tenant}/{resource}").WakeAsync();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(3102, LogLevel.Warning, "A sweep failed: {Reason}")]
    private partial void LogFailed(string reason);
}
