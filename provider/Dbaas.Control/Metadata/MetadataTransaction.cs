using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>
/// One open transaction: EF Core through <see cref="Db"/>, SQL by hand through <see cref="Connection"/>, both on the same connection.
/// Rolled back unless <see cref="CommitAsync"/> was called. Not thread-safe.
/// </summary>
internal class MetadataTransaction : IAsyncDisposable
{
    private readonly ConnectionHold hold;
    private bool disposed;

    internal MetadataTransaction(
        MetadataContext db,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ConnectionHold hold,
        TenantId? tenant
    )
    {
        this.hold = hold;
        Db = db;
        Connection = connection;
        Transaction = transaction;
        Tenant = tenant;
    }

    public MetadataContext Db { get; }

    public NpgsqlConnection Connection { get; }

    public NpgsqlTransaction Transaction { get; }

    /// <summary>The tenant that row-level security lets through; null across tenants.</summary>
    public TenantId? Tenant { get; }

    /// <summary>Saves what <see cref="Db"/> tracks, then commits.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Someone else changed a row that was read here.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await Db.SaveChangesAsync(cancellationToken);
        await Transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A command of this transaction, for SQL by hand.</summary>
    public NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
#pragma warning disable CA2100 // the text is a constant of the caller; values travel as parameters
        var command = new NpgsqlCommand(sql, Connection, Transaction);
#pragma warning restore CA2100
        command.Parameters.AddRange(parameters);
        return command;
    }

    /// <summary>Several commands of this transaction in one trip to the database; their results come one after the other.</summary>
    public NpgsqlBatch Batch(params IEnumerable<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch(Connection, Transaction);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    public async ValueTask DisposeAsync()
    {
        // The context goes back to its pool: disposed once more, it would be taken from whoever has it by then.
        if (disposed)
        {
            return;
        }

        disposed = true;
        try
        {
            await using (Connection)
            await using (Transaction)
            {
                await Db.DisposeAsync();
            }
        }
        finally
        {
            hold.End();
        }

        GC.SuppressFinalize(this);
    }
}
