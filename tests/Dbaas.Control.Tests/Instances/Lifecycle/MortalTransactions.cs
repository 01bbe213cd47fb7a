using System.Collections.Concurrent;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Npgsql;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// The real transactions; those that a <see cref="MortalProcess"/> opened are ended when it dies, as PostgreSQL does when the
/// connection of a killed process breaks.
/// </summary>
internal sealed class MortalTransactions(MetadataTransactions inner)
    : ITenantTransactions,
        IPlatformTransactions
{
    private readonly ConcurrentBag<NpgsqlConnection> _opened = [];
    private int _opening;

    public Task<TenantTransaction> BeginAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) => OpenAsync(() => inner.BeginAsync(tenant, cancellationToken));

    /// <summary>No operation reads this way, so that no process dies in it.</summary>
    public Task<TenantReading> ReadAsync(
        TenantId tenant,
        IEnumerable<NpgsqlBatchCommand> queries,
        CancellationToken cancellationToken
    ) => inner.ReadAsync(tenant, queries, cancellationToken);

    public Task<PlatformTransaction> BeginAsync(CancellationToken cancellationToken) =>
        OpenAsync(() => inner.BeginAsync(cancellationToken));

    public Task<PlatformTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        OpenAsync(() => inner.BeginSnapshotAsync(cancellationToken));

    /// <summary>Rolls back whatever the dead process had open.</summary>
    public async Task BreakAsync()
    {
        while (Volatile.Read(ref _opening) > 0)
        {
            await Task.Delay(1);
        }

        while (_opened.TryTake(out var connection))
        {
            // Its last request may still be on its way.
            while (connection.FullState.HasFlag(System.Data.ConnectionState.Executing))
            {
                await Task.Delay(1);
            }

            try
            {
                await connection.DisposeAsync();
            }
            catch (NpgsqlException)
            {
                // An answer was still being read: the connection is broken, which ends its transaction as well.
            }
        }
    }

    private async Task<T> OpenAsync<T>(Func<Task<T>> begin)
        where T : MetadataTransaction
    {
        if (SynchronizationContext.Current is not MortalProcess)
        {
            return await begin();
        }

        // Opened outside the process, so that one that dies meanwhile leaves a transaction that can be ended.
        Interlocked.Increment(ref _opening);
        return await Task.Run(async () =>
        {
            try
            {
                var transaction = await begin();
                _opened.Add(transaction.Connection);
                return transaction;
            }
            finally
            {
                Interlocked.Decrement(ref _opening);
            }
        });
    }
}
