using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// SQL as the platform's account through the machine's own socket; the operating system user is the proof, so there is no password.
/// Pools are replaced after every start of the server.
/// </summary>
internal sealed class LocalSession(MemberPaths paths) : IAsyncDisposable
{
    // A statement that a user's metadata lock holds up must not hold up the agent, nor a limit of his for queries end what the agent asks.
    private const string Prologue =
        "SET SESSION lock_wait_timeout = 10, SESSION max_execution_time = 0";
    private readonly MySqlDataSource _source = new(
        new MySqlConnectionStringBuilder
        {
            Server = paths.Socket,
            ConnectionProtocol = MySqlConnectionProtocol.UnixSocket,
            UserID = Accounts.Platform,
            SslMode = MySqlSslMode.Disabled,
            MaximumPoolSize = 4,
            ConnectionTimeout = 10,
            DefaultCommandTimeout = 60,
            // init_connect and session settings of an earlier use must not leak into the next.
            ConnectionReset = true,
        }.ConnectionString
    );

    /// <summary>Runs statements without results.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="cancellationToken">Ends the wait; the server ends the statement.</param>
    /// <param name="limitSeconds">The longest that the statement may take.</param>
    public async Task ExecuteAsync(
        string sql,
        CancellationToken cancellationToken,
        int limitSeconds = 60
    )
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection)
        {
            CommandTimeout = limitSeconds,
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads all rows.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql,
        Func<MySqlDataReader, T> row,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public async ValueTask DisposeAsync() => await _source.DisposeAsync();

    private async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new MySqlCommand(Prologue, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
