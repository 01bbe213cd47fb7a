using Npgsql;

namespace Dbaas.Control.Metadata;

/// <summary>The results of queries that travelled together. Its transaction has ended; only rows are still to be read. Not thread-safe.</summary>
internal sealed class TenantReading(
    NpgsqlConnection connection,
    NpgsqlBatch batch,
    NpgsqlDataReader reader,
    SemaphoreSlim turns,
    ConnectionHold hold
) : IAsyncDisposable
{
    /// <summary>The rows of the current query.</summary>
    public NpgsqlDataReader Rows => reader;

    /// <summary>Goes to the next query's result; the first call to the first.</summary>
    /// <exception cref="InvalidOperationException">There were not so many queries.</exception>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        if (!await reader.NextResultAsync(cancellationToken))
        {
            throw new InvalidOperationException("All results have been read.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Closing the reader reads what is left of it, which may fail; the connection goes back to its pool all the same.
            await using (connection)
            await using (batch)
            {
                await reader.DisposeAsync();
            }
        }
        finally
        {
            turns.Release();
            hold.End();
        }
    }
}
