using Dbaas.Control.Tests.Support;
using Npgsql;

namespace Dbaas.Control.Tests.Metadata;

/// <summary>Each migration on a database of the version before with data in it.</summary>
public sealed class UpgradeTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_instances_of_the_version_before_then_what_has_arrived_is_known_where_nothing_waits()
    {
        await using var metadata = await TestMetadata.CreateAsync(
            postgres,
            "20260201000000_KeyStates"
        );
        var tenant = (await metadata.AddTenantAsync("acme")).ToString();
        await ExecuteAsync(
            metadata,
            "INSERT INTO customer_key VALUES ('key_x', $1, 'default', 'arn', 'https://kms', 'test-a', true, 'enabled', now())",
            tenant
        );
        foreach (
            var (name, status, pending, operation) in new (string, string, string, string?)[]
            {
                ("settled", "available", "[]", null),
                (
                    "waits",
                    "available",
                    """[{"property":"/memoryGib","reason":"r","dueAt":null}]""",
                    null
                ),
                ("changes", "updating", "[]", "op_x"),
            }
        )
        {
            await ExecuteAsync(
                metadata,
                """
                INSERT INTO instance (instance_id, tenant_id, name, engine, region, key_id, cluster, desired, status, pending_changes,
                  created_by, operation_id, created_at, updated_at)
                VALUES ('ins_' || $2, $1, $2, 'postgresql', 'test-a', 'key_x', 'c', jsonb_build_object('name', $2::text), $3, $4::jsonb,
                  'prn_x', $5, now(), now())
                """,
                tenant,
                name,
                status,
                pending,
                operation ?? (object)DBNull.Value
            );
        }

        await metadata.MigrateAsync();

        await using var transaction = await metadata.Platform.BeginAsync(Token);
        await using var command = transaction.Command(
            "SELECT name, arrived_spec ->> 'name' FROM instance ORDER BY name"
        );
        await using var reader = await command.ExecuteReaderAsync(Token);
        var arrived = new Dictionary<string, string?>();
        while (await reader.ReadAsync(Token))
        {
            arrived[reader.GetString(0)] = reader.IsDBNull(1) ? null : reader.GetString(1);
        }

        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["settled"] = "settled",
                ["waits"] = null,
                ["changes"] = null,
            },
            arrived
        );
    }

    private static async Task ExecuteAsync(
        TestMetadata metadata,
        string sql,
        params object[] values
    )
    {
        await using var transaction = await metadata.Platform.BeginAsync(Token);
        await using var command = transaction.Command(
            sql,
            [.. values.Select(value => new NpgsqlParameter { Value = value })]
        );
        await command.ExecuteNonQueryAsync(Token);
        await transaction.CommitAsync(Token);
    }
}
