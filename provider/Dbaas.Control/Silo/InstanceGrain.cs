using Dbaas.Control.Ids;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Silo;

/// <summary>
/// Thin on purpose: it only sees to it that operations of one resource run one after the other. The truth is in PostgreSQL, and an
/// activation that exists twice loses by claim and version.
/// </summary>
internal sealed partial class InstanceGrain(
    OperationStore store,
    OperationRunner runner,
    IHostApplicationLifetime lifetime,
    ILogger<InstanceGrain> logger
) : Grain, IInstanceGrain
{
    private Task _running = Task.CompletedTask;
    private bool _again;

    public Task WakeAsync()
    {
        _again = true;
        if (_running.IsCompleted)
        {
            // Steps take seconds to minutes; the grain must answer the next call at once.
            _running = RunAsync();
        }

        return Task.CompletedTask;
    }

    private async Task RunAsync()
    {
        var parts = this.GetPrimaryKeyString().Split('/', 2);
        var tenant = TenantId.Parse(parts[0], null);
        try
        {
            while (_again && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                _again = false;
                DelayDeactivation(TimeSpan.FromMinutes(20));
                foreach (
                    var operation in await store.FindUnfinishedAsync(
                        tenant,
                        parts[1],
                        lifetime.ApplicationStopping
                    )
                )
                {
                    await Task.Run(() =>
                        runner.RunAsync(tenant, operation, lifetime.ApplicationStopping)
                    );
                }
            }
        }
        catch (OperationCanceledException)
            when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The next process goes on.
        }
        catch (Exception exception)
        {
            LogFailed(exception, parts[1]); // the sweep wakes this grain again
        }
        finally
        {
            // It has nothing to remember: the next operation makes it anew, and a thousand instances that rest cost no memory.
            DeactivateOnIdle();
        }
    }

    [LoggerMessage(
        3101,
        LogLevel.Warning,
        "Running the operations of {Resource} was interrupted; the sweep tries again"
    )]
    private partial void LogFailed(Exception exception, string resource);
}
