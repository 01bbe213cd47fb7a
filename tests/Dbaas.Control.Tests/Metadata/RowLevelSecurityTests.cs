using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Dbaas.Control.Tests.Metadata;

/// <summary>Promise 8 as far as SQL goes: the database itself keeps tenants apart.</summary>
public sealed class RowLevelSecurityTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestMetadata _metadata = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _metadata = await TestMetadata.CreateAsync(postgres);

    public async ValueTask DisposeAsync() => await _metadata.DisposeAsync();

    [Fact]
    public async Task Given_no_tenant_when_any_tenant_owned_table_is_read_then_it_raises()
    {
        await _metadata.AddTenantAsync("acme");
        foreach (var table in await ProtectedTablesAsync())
        {
            await using var connection = await _metadata.Connections.App.OpenConnectionAsync(Token);
            await using var command = new NpgsqlCommand(
                $"SELECT count(*) FROM {table}",
                connection
            );
            var refused = await Assert.ThrowsAsync<PostgresException>(async () =>
                await command.ExecuteScalarAsync(Token)
            );
            Assert.Equal("DB001", refused.SqlState);
        }
    }

    [Fact]
    public async Task Given_a_function_with_its_owners_rights_then_no_temporary_table_can_take_a_tables_place()
    {
        await using var connection = await _metadata.Connections.Platform.OpenConnectionAsync(
            Token
        );
        await using (
            var functions = new NpgsqlCommand(
                """
                SELECT p.proname, coalesce(array_to_string(p.proconfig, ';'), '') FROM pg_proc p
                JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND n.nspname = 'public'
                """,
                connection
            )
        )
        await using (var reader = await functions.ExecuteReaderAsync(Token))
        {
            var any = false;
            while (await reader.ReadAsync(Token))
            {
                any = true;
                // Named last, or a session's temporary schema is searched first.
                Assert.EndsWith("pg_temp", reader.GetString(1), StringComparison.Ordinal);
            }

            Assert.True(any);
        }

        await using var temporary = new NpgsqlCommand(
            "CREATE TEMP TABLE event (event_id text)",
            connection
        );
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            temporary.ExecuteNonQueryAsync(Token)
        );
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Given_a_connection_that_served_a_tenant_when_the_next_forgets_it_then_it_raises()
    {
        var tenant = await _metadata.AddTenantAsync("first");
        await using var connection = await _metadata.Connections.App.OpenConnectionAsync(Token);
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await using var set = new NpgsqlCommand(
                $"SELECT set_config('dbaas.tenant', '{tenant}', true)",
                connection,
                transaction
            );
            await set.ExecuteNonQueryAsync(Token);
            await transaction.CommitAsync(Token);
        }

        // The setting now reads '' instead of NULL.
        await using var command = new NpgsqlCommand("SELECT count(*) FROM tenant", connection);
        var refused = await Assert.ThrowsAsync<PostgresException>(async () =>
            await command.ExecuteScalarAsync(Token)
        );
        Assert.Equal("DB001", refused.SqlState);
    }

    [Fact]
    public async Task Given_events_of_two_tenants_when_one_reads_then_it_sees_its_own_only()
    {
        var first = await _metadata.AddTenantAsync("one");
        var second = await _metadata.AddTenantAsync("two");
        await AppendAsync(first, "of the first");
        await AppendAsync(second, "of the second");

        await using var transaction = await _metadata.Tenants.BeginAsync(first, Token);
        var seen = await transaction.Db.Set<EventRow>().ToListAsync(Token);

        Assert.Equal("of the first", Assert.Single(seen).Message);
    }

    [Fact]
    public async Task Given_events_of_two_tenants_when_one_reads_in_a_single_trip_then_it_sees_its_own_only()
    {
        var first = await _metadata.AddTenantAsync("trip");
        var second = await _metadata.AddTenantAsync("other");
        await AppendAsync(first, "of the first");
        await AppendAsync(second, "of the second");

        await using var reading = await _metadata.Tenants.ReadAsync(
            first,
            [new("SELECT 7"), new("SELECT message FROM event")],
            Token
        );
        await reading.NextAsync(Token);
        Assert.True(await reading.Rows.ReadAsync(Token));
        Assert.Equal(7, reading.Rows.GetInt32(0));
        await reading.NextAsync(Token);
        Assert.True(await reading.Rows.ReadAsync(Token));
        Assert.Equal("of the first", reading.Rows.GetString(0));
        Assert.False(await reading.Rows.ReadAsync(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reading.NextAsync(Token));
    }

    [Theory]
    [InlineData("SELECT 1 / 0", "22012")]
    [InlineData("DELETE FROM member", "25006")]
    public async Task Given_a_reading_that_fails_when_its_connection_is_used_again_then_nothing_of_it_is_left(
        string sql,
        string state
    )
    {
        var tenant = await _metadata.AddTenantAsync("failing");
        var refused = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var reading = await _metadata.Tenants.ReadAsync(
                tenant,
                [new("SELECT 7"), new(sql), new("SELECT 8")],
                Token
            );
            for (var query = 0; query < 3; query++)
            {
                await reading.NextAsync(Token);
            }
        });
        Assert.Equal(state, refused.SqlState);

        // The pool hands the same connection out again: neither in a transaction nor with a tenant.
        await using var connection = await _metadata.Connections.App.OpenConnectionAsync(Token);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM tenant", connection);
        var raised = await Assert.ThrowsAsync<PostgresException>(async () =>
            await count.ExecuteScalarAsync(Token)
        );
        Assert.Equal("DB001", raised.SqlState);
    }

    [Fact]
    public async Task Given_one_tenants_transaction_when_it_writes_for_another_then_it_is_refused()
    {
        var first = await _metadata.AddTenantAsync("writer");
        var second = await _metadata.AddTenantAsync("victim");
        await using var transaction = await _metadata.Tenants.BeginAsync(first, Token);
        await using var command = transaction.Command(
            "INSERT INTO event (event_id, tenant_id, at, kind, severity, principal, message) VALUES ('evt_x', $1, now(), 'a.b', 'info', 'p', 'm')",
            new NpgsqlParameter { Value = second.ToString() }
        );
        var refused = await Assert.ThrowsAsync<PostgresException>(async () =>
            await command.ExecuteNonQueryAsync(Token)
        );
        Assert.Equal("42501", refused.SqlState);
    }

    [Fact]
    public async Task Given_the_schema_then_every_table_with_a_tenant_is_protected_and_no_role_bypasses_it()
    {
        await using var transaction = await _metadata.Platform.BeginAsync(Token);
        await using var command = transaction.Command(
            """
            SELECT coalesce(string_agg(c.relname, ', '), '') FROM pg_class c
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
              AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                AND (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid
                  AND EXISTS (SELECT FROM pg_roles r WHERE r.oid = ANY (p.polroles) AND r.rolname IN ('dbaas_app', 'dbaas_platform'))) = 2
                AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 0 = ANY (p.polroles)))
            """
        );
        Assert.Equal("", await command.ExecuteScalarAsync(Token));
        command.CommandText =
            "SELECT count(*) FROM pg_roles WHERE rolname IN ('dbaas_app', 'dbaas_platform', 'dbaas_owner') AND (rolbypassrls OR rolsuper)";
        Assert.Equal(0L, await command.ExecuteScalarAsync(Token));
    }

    private async Task AppendAsync(TenantId tenant, string message)
    {
        await using var transaction = await _metadata.Tenants.BeginAsync(tenant, Token);
        await _metadata.Events.AppendAsync(transaction, new("test.happened", message), Token);
        await transaction.CommitAsync(Token);
    }

    private async Task<List<string>> ProtectedTablesAsync()
    {
        await using var transaction = await _metadata.Platform.BeginAsync(Token);
        await using var command = transaction.Command(
            "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relrowsecurity ORDER BY 1"
        );
        await using var reader = await command.ExecuteReaderAsync(Token);
        var tables = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            tables.Add(reader.GetString(0));
        }

        Assert.True(tables.Count >= 20, "fewer protected tables than the schema has");
        return tables;
    }
}
