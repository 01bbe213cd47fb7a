using System.Data;
using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>Opens transactions on the pool of the right role.</summary>
internal sealed class MetadataTransactions(MetadataConnections connections)
    : ITenantTransactions,
        IPlatformTransactions
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private const string SetTenant = "SELECT set_config('dbaas.tenant', $1, true)";

    // A context resolves services of its own; one that was given back forgets its rows and keeps them.
    private static readonly PooledDbContextFactory<MetadataContext> s_contexts = new(
        new DbContextOptionsBuilder<MetadataContext>()
            .UseNpgsql()
            .ConfigureWarnings(warnings =>
                warnings.Ignore(RelationalEventId.PendingModelChangesWarning)
            )
            .Options
    );

    /// <summary>A context on a connection; the caller owns the connection, and disposes the context once.</summary>
    public static MetadataContext CreateContext(NpgsqlConnection connection)
    {
        var context = s_contexts.CreateDbContext();
        context.Database.SetDbConnection(connection);
        // A save that fails ends its transaction, so nobody goes back to a savepoint; two trips to the database would pay for it.
        context.Database.AutoSavepointsEnabled = false;
        return context;
    }

    public Task<PlatformTransaction> BeginAsync(CancellationToken cancellationToken) =>
        BeginAsync(IsolationLevel.ReadCommitted, cancellationToken);

    public Task<PlatformTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        BeginAsync(IsolationLevel.RepeatableRead, cancellationToken);

    public Task<TenantReading> ReadAsync(
        TenantId tenant,
        IEnumerable<NpgsqlBatchCommand> queries,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            ConnectionHold.Begin(MetadataOptions.AppRole),
            tenant,
            queries,
            cancellationToken
        );

    public Task<TenantTransaction> BeginAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) => BeginAsync(ConnectionHold.Begin(MetadataOptions.AppRole), tenant, cancellationToken);

    private async Task<TenantReading> ReadAsync(
        ConnectionHold hold,
        TenantId tenant,
        IEnumerable<NpgsqlBatchCommand> queries,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await TakeTurnAsync(cancellationToken);
        }
        catch
        {
            hold.End();
            throw;
        }

        NpgsqlConnection? connection = null;
        NpgsqlBatch? batch = null;
        try
        {
            connection = await connections.App.OpenConnectionAsync(cancellationToken);
            batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            );
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(SetTenant) { Parameters = { ValueOf(tenant) } }
            );
            foreach (var query in queries)
            {
                batch.BatchCommands.Add(query);
            }

            // After a query that failed nothing of the rest runs, and the connection rolls back as it returns to its pool.
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
            return new TenantReading(
                connection,
                batch,
                await batch.ExecuteReaderAsync(cancellationToken),
                connections.ReaderTurns,
                hold
            );
        }
        catch
        {
            try
            {
                await using (connection)
                await using (batch) { }
            }
            finally
            {
                connections.ReaderTurns.Release();
                hold.End();
            }

            throw;
        }
    }

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (!await connections.ReaderTurns.WaitAsync(s_patience, cancellationToken))
        {
            throw new NpgsqlException(
                "All readers wait for the metadata database.",
                new TimeoutException()
            );
        }
    }

    private async Task<TenantTransaction> BeginAsync(
        ConnectionHold hold,
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var (context, connection, transaction) = await OpenAsync(
            connections.App,
            hold,
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        var opened = new TenantTransaction(context, connection, transaction, hold, tenant);
        try
        {
            await using var command = opened.Command(SetTenant, ValueOf(tenant));
            await command.ExecuteNonQueryAsync(cancellationToken);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    private Task<PlatformTransaction> BeginAsync(
        IsolationLevel isolation,
        CancellationToken cancellationToken
    ) =>
        BeginAsync(
            ConnectionHold.Begin(MetadataOptions.PlatformRole),
            isolation,
            cancellationToken
        );

    private async Task<PlatformTransaction> BeginAsync(
        ConnectionHold hold,
        IsolationLevel isolation,
        CancellationToken cancellationToken
    )
    {
        var (context, connection, transaction) = await OpenAsync(
            connections.Platform,
            hold,
            isolation,
            cancellationToken
        );
        return new PlatformTransaction(context, connection, transaction, hold);
    }

    private static NpgsqlParameter ValueOf(TenantId tenant) => new() { Value = tenant.ToString() };

    private static async Task<(
        MetadataContext Context,
        NpgsqlConnection Connection,
        NpgsqlTransaction Transaction
    )> OpenAsync(
        NpgsqlDataSource source,
        ConnectionHold hold,
        IsolationLevel isolation,
        CancellationToken cancellationToken
    )
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
            var context = CreateContext(connection);
            await context.Database.UseTransactionAsync(transaction, cancellationToken);
            return (context, connection, transaction);
        }
        catch
        {
            try
            {
                await using (connection) { }
            }
            finally
            {
                hold.End();
            }

            throw;
        }
    }
}
