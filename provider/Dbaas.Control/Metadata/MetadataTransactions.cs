using System.Data;
using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>Opens transactions on the pool of the right role.</summary>
internal sealed class MetadataTransactions(MetadataConnections connections)
    : ITenantTransactions,
        IPlatformTransactions
{
    private static readonly DbContextOptions<MetadataContext> s_options =
        new DbContextOptionsBuilder<MetadataContext>()
            .UseNpgsql()
            .ConfigureWarnings(warnings =>
                warnings.Ignore(RelationalEventId.PendingModelChangesWarning)
            )
            .Options;

    /// <summary>A context on a connection; the caller owns the connection.</summary>
    public static MetadataContext CreateContext(NpgsqlConnection connection)
    {
        var context = new MetadataContext(s_options);
        context.Database.SetDbConnection(connection);
        return context;
    }

    public Task<TenantTransaction> BeginAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) => BeginAsync(tenant, IsolationLevel.ReadCommitted, cancellationToken);

    public Task<TenantTransaction> BeginSnapshotAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) => BeginAsync(tenant, IsolationLevel.RepeatableRead, cancellationToken);

    public Task<PlatformTransaction> BeginAsync(CancellationToken cancellationToken) =>
        BeginAsync(IsolationLevel.ReadCommitted, cancellationToken);

    public Task<PlatformTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        BeginAsync(IsolationLevel.RepeatableRead, cancellationToken);

    private async Task<TenantTransaction> BeginAsync(
        TenantId tenant,
        IsolationLevel isolation,
        CancellationToken cancellationToken
    )
    {
        var (context, connection, transaction) = await OpenAsync(
            connections.App,
            isolation,
            cancellationToken
        );
        var opened = new TenantTransaction(context, connection, transaction, tenant);
        try
        {
            await using var command = opened.Command(
                "SELECT set_config('dbaas.tenant', $1, true)",
                new NpgsqlParameter { Value = tenant.ToString() }
            );
            await command.ExecuteNonQueryAsync(cancellationToken);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    private async Task<PlatformTransaction> BeginAsync(
        IsolationLevel isolation,
        CancellationToken cancellationToken
    )
    {
        var (context, connection, transaction) = await OpenAsync(
            connections.Platform,
            isolation,
            cancellationToken
        );
        return new PlatformTransaction(context, connection, transaction);
    }

    private static async Task<(
        MetadataContext Context,
        NpgsqlConnection Connection,
        NpgsqlTransaction Transaction
    )> OpenAsync(
        NpgsqlDataSource source,
        IsolationLevel isolation,
        CancellationToken cancellationToken
    )
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
            var context = CreateContext(connection);
            await context.Database.UseTransactionAsync(transaction, cancellationToken);
            return (context, connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
