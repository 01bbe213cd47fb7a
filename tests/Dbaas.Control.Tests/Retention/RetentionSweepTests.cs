using Dbaas.Control.Retention;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Dbaas.Control.Tests.Retention;

/// <summary>Tables that grow with every request forget what nobody needs; the audit trail forgets nothing.</summary>
public sealed class RetentionSweepTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_old_answers_leases_and_progress_when_swept_then_they_are_gone_in_batches_and_the_rest_stays()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        var tenant = (await metadata.AddTenantAsync("acme")).ToString();
        var now = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var (prefix, at, rows) in new[] { ("old", now.AddDays(-8), 25), ("new", now, 3) })
        {
            await ExecuteAsync(
                metadata,
                """
                INSERT INTO idempotency_record (tenant_id, principal_id, key, request_hash, created_at, expires_at)
                SELECT $1, 'prn', $2 || n, '', $3, $3 + interval '24 hours' FROM generate_series(1, $4) n
                """,
                tenant,
                prefix,
                at,
                rows
            );
            await ExecuteAsync(
                metadata,
                """
                INSERT INTO run_lease (tenant_id, run_id, resource_id, principal_id, expires_at)
                SELECT $1, $2 || n, 'r', 'prn', $3 FROM generate_series(1, $4) n
                """,
                tenant,
                prefix,
                at,
                rows
            );
            foreach (var audit in new[] { true, false })
            {
                await ExecuteAsync(
                    metadata,
                    """
                    INSERT INTO event (event_id, tenant_id, at, kind, severity, principal, message, audit)
                    SELECT $2 || $5 || n, $1, $3, 'a.b', 'info', 'p', 'm', $5 FROM generate_series(1, $4) n
                    """,
                    tenant,
                    prefix,
                    at,
                    rows,
                    audit
                );
            }
        }

        using var sweep = new RetentionSweep(
            metadata.Platform,
            Options.Create(new RetentionOptions { BatchRows = 10 }),
            new FakeTimeProvider(now),
            NullLogger<RetentionSweep>.Instance
        );
        Assert.Equal(75, await sweep.SweepAsync(Token));
        Assert.Equal(0, await sweep.SweepAsync(Token));

        Assert.Equal(3L, await CountAsync(metadata, "SELECT count(*) FROM idempotency_record"));
        Assert.Equal(3L, await CountAsync(metadata, "SELECT count(*) FROM run_lease"));
        Assert.Equal(3L, await CountAsync(metadata, "SELECT count(*) FROM event WHERE NOT audit"));
        Assert.Equal(28L, await CountAsync(metadata, "SELECT count(*) FROM event WHERE audit"));
    }

    private static async Task<long> CountAsync(TestMetadata metadata, string sql)
    {
        await using var transaction = await metadata.Platform.BeginAsync(Token);
        await using var command = transaction.Command(sql);
        return (long)(await command.ExecuteScalarAsync(Token))!;
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
