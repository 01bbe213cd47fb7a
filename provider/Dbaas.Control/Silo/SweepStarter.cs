using Dbaas.Control.Operations;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Silo;

/// <summary>At start: takes over what this place's dead predecessor had claimed, and wakes all sweepers.</summary>
internal sealed partial class SweepStarter(
    OperationStore store,
    IGrainFactory grains,
    IOptions<OperationsOptions> options,
    ILogger<SweepStarter> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var freed = await store.FreeOwnPastClaimsAsync(stoppingToken);
                for (var partition = 0; partition < options.Value.Partitions; partition++)
                {
                    await grains.GetGrain<ISweeperGrain>(partition).StartAsync();
                }

                LogStarted(freed);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogRetry(exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(
        3104,
        LogLevel.Information,
        "Sweepers run; {Freed} interrupted operations go on"
    )]
    private partial void LogStarted(int freed);

    [LoggerMessage(3105, LogLevel.Warning, "Sweepers could not start yet: {Reason}")]
    private partial void LogRetry(string reason);
}
