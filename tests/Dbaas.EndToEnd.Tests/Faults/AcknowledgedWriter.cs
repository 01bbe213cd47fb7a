using Npgsql;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Inserts numbered rows through the endpoint and remembers which of them the database acknowledged.</summary>
internal sealed class AcknowledgedWriter(string connectionString)
{
    private readonly List<long> acknowledged = [];
    private readonly HashSet<long> unknown = [];
    private long next;

    public IReadOnlyList<long> Acknowledged => acknowledged;

    /// <summary>Sent, but the answer never came: such a row may be there or not.</summary>
    public IReadOnlySet<long> Unknown => unknown;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "create table written (n bigint primary key)",
            connection
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes until the connection breaks or the token ends it.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            while (!cancellationToken.IsCancellationRequested)
            {
                var number = ++next;
                unknown.Add(number);
                await using var command = new NpgsqlCommand(
                    "insert into written values ($1)",
                    connection
                )
                {
                    Parameters = { new() { Value = number } },
                };
                await command.ExecuteNonQueryAsync(CancellationToken.None);
                unknown.Remove(number);
                acknowledged.Add(number);
            }
        }
        catch (NpgsqlException)
        {
            // The fault this is about; the last number stays unknown.
        }
    }

    public async Task<IReadOnlyList<long>> PresentAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select n from written order by n", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetInt64(0));
        }

        return rows;
    }
}
