using System.Net.Sockets;
using Npgsql;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// SQL as superuser through the machine's own socket; the operating system user is the proof, so there is no password. Pools are
/// replaced after every start of the server.
/// </summary>
internal sealed class LocalSession(MemberPaths paths, int port) : IAsyncDisposable
{
    // A full volume must not keep the agent from changing a password.
    private const string Writing = "SET default_transaction_read_only = off";
    private const string Nothing = "SELECT";
    private readonly NpgsqlDataSource _source = Build(paths, port, RoleStatements.Superuser);

    /// <summary>Runs statements without results, also while the server is read-only for everybody else.</summary>
    /// <param name="sql">One or more.</param>
    /// <param name="cancellationToken">Ends the wait; the server ends the statement.</param>
    /// <param name="limitSeconds">The longest that it may take.</param>
    public async Task ExecuteAsync(
        string sql,
        CancellationToken cancellationToken,
        int limitSeconds = 60
    )
    {
        // Not for all sessions: who asks whether the server takes writes must see what everybody sees.
        await using var connection = await OpenAsync(Writing, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = limitSeconds,
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads all rows.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await OpenAsync(Nothing, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>
    /// A connection that lives. One that waited in the pool may have been ended by the server meanwhile, which ends all sessions when one
    /// of them crashes, and whoever uses it next would be told so instead of what he asked.
    /// </summary>
    /// <param name="first">A statement without results, to be run before anything else.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<NpgsqlConnection> OpenAsync(
        string first,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ProvenAsync(first, cancellationToken);
        }
        catch (NpgsqlException failure) when (HadEnded(failure))
        {
            _source.Clear();
            return await ProvenAsync(first, cancellationToken);
        }
    }

    private async Task<NpgsqlConnection> ProvenAsync(
        string first,
        CancellationToken cancellationToken
    )
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(first, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the server ended, ends or has only begun to start, as a client meets it.</summary>
    public static bool IsCutOff(Exception failure) =>
        failure is NpgsqlException ended
        && (
            HadEnded(ended)
            || ended.InnerException is SocketException
            || ended is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow }
        );

    /// <summary>Said good-bye to, or just gone. One that cannot be opened fails in its socket and not in its stream.</summary>
    private static bool HadEnded(NpgsqlException failure) =>
        failure is PostgresException told
            ? told.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            : failure.InnerException is IOException;

    private static NpgsqlDataSource Build(MemberPaths paths, int port, string user) =>
        new NpgsqlSlimDataSourceBuilder(
            new NpgsqlConnectionStringBuilder
            {
                Host = paths.SocketFolder,
                Port = port,
                Username = user,
                Database = "postgres",
                ApplicationName = "dbaas-agent",
                SslMode = SslMode.Disable,
                GssEncryptionMode = GssEncryptionMode.Disable,
                MaxPoolSize = 4,
                Timeout = 10,
                CommandTimeout = 60,
                // A statement that a user's event trigger or setting holds up must not hold up the agent, nor a limit that a user set for
                // his own sessions end what it does. All majors that are offered know all of these.
                Options =
                    "-c lock_timeout=10s -c search_path=pg_catalog -c statement_timeout=0 -c transaction_timeout=0"
                    + " -c idle_session_timeout=0 -c idle_in_transaction_session_timeout=0",
            }.ConnectionString
        )
            // Reading the type catalogue would cost more than the queries themselves; only built-in types are used.
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
            .Build();
}
