using System.Collections.Concurrent;
using Dbaas.Control.Metadata;
using Npgsql;

namespace Dbaas.Control.Operations;

/// <summary>
/// Wakes those who follow an operation, whichever silo works on it: one LISTEN a process. A lost connection only makes waiting slower,
/// because every wait ends after a second at the latest and looks again.
/// </summary>
internal sealed partial class OperationSignals(
    MetadataConnections connections,
    ILogger<OperationSignals> logger
) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = [];

    /// <summary>The operation has ended: nobody will announce it again.</summary>
    public void Forget(string operation)
    {
        if (_waiting.TryRemove(operation, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>Take it before reading the row, so that a change in between is not missed.</summary>
    public Task Next(string operation) =>
        _waiting
            .GetOrAdd(
                operation,
                _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            )
            .Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException)
            {
                LogLost(exception.Message);
                await Task.Delay(s_look, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connections.Platform.OpenConnectionAsync(
            cancellationToken
        );
        connection.Notification += (_, message) =>
        {
            if (_waiting.TryRemove(message.Payload, out var waiting))
            {
                waiting.TrySetResult();
            }
        };
        await using (var listen = new NpgsqlCommand("LISTEN dbaas_event", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    [LoggerMessage(3010, LogLevel.Warning, "Lost the connection that announces events: {Reason}")]
    private partial void LogLost(string reason);
}
