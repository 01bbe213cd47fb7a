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

    public async Task<TenantTransaction> BeginAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var (context, connection, transaction) = await OpenAsync(
            connections.App,
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

    public async Task<PlatformTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var (context, connection, transaction) = await OpenAsync(
            connections.Platform,
            cancellationToken
        );
        return new PlatformTransaction(context, connection, transaction);
    }

    private static async Task<(
        MetadataContext Context,
        NpgsqlConnection Connection,
        NpgsqlTransaction Transaction
    )> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
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
