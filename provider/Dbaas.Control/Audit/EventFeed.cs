using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Dbaas.Control.Audit;

/// <summary>Listens on one connection for the whole process and wakes those who follow an operation.</summary>
internal sealed partial class EventFeed(
    ITenantTransactions tenants,
    MetadataConnections connections,
    TimeProvider time,
    ILogger<EventFeed> logger
) : BackgroundService, IEventFeed
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2);
    private const int PageSize = 200;

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(
        StringComparer.Ordinal
    );

    public async IAsyncEnumerable<EventRow> FollowAsync(
        TenantId tenant,
        OperationId operation,
        long afterSequence,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var id = operation.ToString();
        while (true)
        {
            // Taken before reading: what commits in between has completed it already.
            var signal = SignalOf(id);
            List<EventRow> rows;
            await using (var transaction = await tenants.BeginAsync(tenant, cancellationToken))
            {
                rows = await transaction
                    .Db.Set<EventRow>()
                    .AsNoTracking()
                    .Where(row => row.OperationId == id && row.Sequence > afterSequence)
                    .OrderBy(row => row.Sequence)
                    .Take(PageSize)
                    .ToListAsync(cancellationToken);
            }

            foreach (var row in rows)
            {
                afterSequence = row.Sequence;
                yield return row;
            }

            if (rows.Count < PageSize)
            {
                await ElapsedAsync(signal, s_poll, cancellationToken);
            }
        }
    }

    public Task WaitAsync(
        OperationId operation,
        TimeSpan atMost,
        CancellationToken cancellationToken
    ) => ElapsedAsync(SignalOf(operation.ToString()), atMost, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                LogLost(e.Message);
                await Task.Delay(s_poll, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connections.Platform.OpenConnectionAsync(
            cancellationToken
        );
        connection.Notification += (_, notification) => Wake(notification.Payload);
        await using (var listen = new NpgsqlCommand("LISTEN dbaas_event", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private Task SignalOf(string operation) =>
        _waiting
            .GetOrAdd(
                operation,
                _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            )
            .Task;

    private void Wake(string operation)
    {
        if (_waiting.TryRemove(operation, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    private async Task ElapsedAsync(
        Task signal,
        TimeSpan atMost,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await signal.WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // the caller looks for itself
        }
    }

    [LoggerMessage(1401, LogLevel.Warning, "Lost the connection that listens for events: {Reason}")]
    private partial void LogLost(string reason);
}
