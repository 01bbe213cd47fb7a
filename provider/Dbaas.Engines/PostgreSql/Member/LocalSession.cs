using Npgsql;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// SQL as superuser through the machine's own socket; the operating system user is the proof, so there is no password. Pools are
/// replaced after every start of the server.
/// </summary>
internal sealed class LocalSession(MemberPaths paths, int port) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = Build(paths, port, RoleStatements.Superuser);

    /// <summary>Runs statements without results.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads all rows.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken
    )
    {
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

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
                // A statement that a user's event trigger or setting holds up must not hold up the agent; nor must a full volume keep
                // it from changing a password.
                Options =
                    "-c lock_timeout=10s -c search_path=pg_catalog -c default_transaction_read_only=off",
            }.ConnectionString
        )
            // Reading the type catalogue would cost more than the queries themselves; only built-in types are used.
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
            .Build();
}
