using System.Text;
using Dbaas.Control.Tests.Support;
using Npgsql;

namespace Dbaas.Control.Tests.Audit;

/// <summary>Sees every row of the metadata as its superuser, and makes PostgreSQL itself refuse some of them.</summary>
internal sealed class TableWatch : IAsyncDisposable
{
    /// <summary>Tables that change without a request: leases, membership, answers kept for repeats, migrations.</summary>
    private const string Tables = """
        SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('run_lease', 'idempotency_record', '__EFMigrationsHistory')
          AND tablename NOT LIKE 'orleans%'
        ORDER BY 1
        """;

    /// <summary>Written when a key is used, which is no change that anybody asked for.</summary>
    private const string Used = "last_used_at";

    private readonly NpgsqlConnection _connection;
    private readonly List<string> _tables = [];

    private TableWatch(NpgsqlConnection connection) => _connection = connection;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TableWatch> OpenAsync(PrivatePostgres server, string database)
    {
        var connection = new NpgsqlConnection(server.ConnectionString("postgres", database));
        await connection.OpenAsync(Token);
        var watch = new TableWatch(connection);
        await using (var command = new NpgsqlCommand(Tables, connection))
        await using (var reader = await command.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                watch._tables.Add(reader.GetString(0));
            }
        }

        await watch.ExecuteAsync(
            """
            CREATE OR REPLACE FUNCTION test_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$
            """
        );
        return watch;
    }

    /// <summary>One line a table: its name, how many rows, and a sum over all of them.</summary>
    public async Task<string> ReadAsync()
    {
        var lines = new StringBuilder();
        foreach (var table in _tables)
        {
            await using var command = new NpgsqlCommand(
                $"SELECT '{table} ' || count(*) || ' ' || md5(coalesce(string_agg(line, E'\n' ORDER BY line), '')) FROM (SELECT (to_jsonb(t) - '{Used}')::text AS line FROM {table} t) lines",
                _connection
            );
            lines.AppendLine((string?)await command.ExecuteScalarAsync(Token));
        }

        return lines.ToString();
    }

    public async Task<long> AuditedAsync()
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM event WHERE audit",
            _connection
        );
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    /// <summary>Until disposed, no event can be inserted.</summary>
    public async Task<IAsyncDisposable> RefuseEventsAsync()
    {
        await ExecuteAsync(
            "CREATE TRIGGER test_refuse BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION test_refuse()"
        );
        return new Lift(this, ["event"]);
    }

    /// <summary>Until disposed, a transaction that changed anything but events fails when it commits, its events with it.</summary>
    public async Task<IAsyncDisposable> RefuseChangesAsync()
    {
        var tables = _tables.Where(table => table != "event").ToList();
        foreach (var table in tables)
        {
            var update = table == "api_key" ? "UPDATE OF version, revoked_at" : "UPDATE";
            await ExecuteAsync(
                $"CREATE CONSTRAINT TRIGGER test_refuse AFTER INSERT OR {update} OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED "
                    + "FOR EACH ROW EXECUTE FUNCTION test_refuse()"
            );
        }

        return new Lift(this, tables);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private sealed class Lift(TableWatch watch, IReadOnlyList<string> tables) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var table in tables)
            {
                await watch.ExecuteAsync($"DROP TRIGGER test_refuse ON {table}");
            }
        }
    }
}
