using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Npgsql;

namespace Dbaas.Control.Usage;

/// <summary>Keeps one open interval for each instance; every change of size or state closes it and opens the next, in its transaction.</summary>
internal sealed class UsageMeter(TimeProvider time)
{
    /// <summary>From now on the instance uses this much. Repeated with the same figures it changes nothing.</summary>
    public async Task SetAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        InstanceId instance,
        UsageLevel level,
        CancellationToken cancellationToken
    )
    {
        await using var closing = transaction.Command(
            """
            WITH same AS (
              SELECT 1 FROM usage_interval WHERE tenant_id = $1 AND instance_id = $2 AND ended_at IS NULL
                AND running = $3 AND cpu = $4 AND memory_gib = $5 AND storage_gib = $6),
            closed AS (
              UPDATE usage_interval SET ended_at = greatest($7, started_at)
              WHERE tenant_id = $1 AND instance_id = $2 AND ended_at IS NULL AND NOT EXISTS (SELECT FROM same) RETURNING 1)
            SELECT EXISTS (SELECT FROM same), (SELECT count(*) FROM closed)
            """,
            [
                new() { Value = tenant.ToString() },
                new() { Value = instance.ToString() },
                .. Figures(level),
                Now(),
            ]
        );
        if (await closing.ExecuteScalarAsync(cancellationToken) is true)
        {
            return;
        }

        await using var opening = transaction.Command(
            """
            INSERT INTO usage_interval (tenant_id, instance_id, running, cpu, memory_gib, storage_gib, started_at, usage_id, region)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                new() { Value = tenant.ToString() },
                new() { Value = instance.ToString() },
                .. Figures(level),
                Now(),
                new() { Value = TypedId.New<UsageId>(time).ToString() },
                new() { Value = level.Region },
            ]
        );
        await opening.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The instance uses nothing any more.</summary>
    public async Task EndAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    )
    {
        await using var command = transaction.Command(
            "UPDATE usage_interval SET ended_at = greatest($3, started_at) WHERE tenant_id = $1 AND instance_id = $2 AND ended_at IS NULL",
            new NpgsqlParameter { Value = tenant.ToString() },
            new NpgsqlParameter { Value = instance.ToString() },
            new NpgsqlParameter { Value = time.GetUtcNow() }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlParameter Now() => new() { Value = time.GetUtcNow() };

    private static NpgsqlParameter[] Figures(UsageLevel level) =>
        [
            new() { Value = level.Running },
            new() { Value = level.Cpu },
            new() { Value = level.MemoryGib },
            new() { Value = level.StorageGib },
        ];
}
