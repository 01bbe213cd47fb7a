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
    private readonly Lock _lock = new();
    private readonly Dictionary<string, OperationWatch> _watches = [];

    /// <summary>Whether anybody follows it right now.</summary>
    public bool IsFollowed(string operation)
    {
        lock (_lock)
        {
            return _watches.ContainsKey(operation);
        }
    }

    /// <summary>Begins to follow; what is not given back is remembered for ever, also for an operation that does not exist.</summary>
    public IOperationWatch Follow(string operation)
    {
        lock (_lock)
        {
            if (!_watches.TryGetValue(operation, out var watch))
            {
                _watches[operation] = watch = new OperationWatch(operation, this);
            }

            watch.Followers++;
            return watch;
        }
    }

    private void Leave(OperationWatch watch)
    {
        lock (_lock)
        {
            if (--watch.Followers == 0)
            {
                _watches.Remove(watch.Operation);
            }
        }
    }

    private void Announce(string operation)
    {
        lock (_lock)
        {
            _watches.GetValueOrDefault(operation)?.Announce();
        }
    }

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
        connection.Notification += (_, message) => Announce(message.Payload);
        await using (var listen = new NpgsqlCommand("LISTEN dbaas_event", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    /// <summary>One operation, for all of its followers in this process.</summary>
    private sealed class OperationWatch(string operation, OperationSignals owner) : IOperationWatch
    {
        private volatile TaskCompletionSource _next = Fresh();

        public string Operation => operation;

        /// <summary>Guarded by the owner's lock.</summary>
        public int Followers { get; set; }

        public Task Next => _next.Task;

        public void Announce() => Interlocked.Exchange(ref _next, Fresh()).TrySetResult();

        public void Dispose() => owner.Leave(this);

        private static TaskCompletionSource Fresh() =>
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(3010, LogLevel.Warning, "Lost the connection that announces events: {Reason}")]
    private partial void LogLost(string reason);
}
