using System.Globalization;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Figures of the server and its volume. Units are part of each name; counters end in <c>_total</c>.</summary>
internal static class MetricsProbe
{
    // One statement and one row: a snapshot whose figures belong together.
    private const string Sql = """
        SELECT extract(epoch FROM now() - pg_postmaster_start_time())::float8 AS uptime_seconds,
               (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::float8 AS connections_current,
               (SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend')::float8
                   AS connections_active,
               (SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock')::float8 AS connections_waiting_for_locks,
               current_setting('max_connections')::float8 AS connections_maximum,
               (SELECT coalesce(extract(epoch FROM max(now() - xact_start)), 0) FROM pg_stat_activity
                 WHERE backend_type = 'client backend')::float8 AS oldest_transaction_seconds,
               d.*,
               (SELECT max(age(datfrozenxid)) FROM pg_database)::float8 AS transaction_id_age_maximum,
               (SELECT sum(pg_database_size(oid)) FROM pg_database)::float8 AS databases_bytes,
               (SELECT wal_bytes FROM pg_stat_wal)::float8 AS wal_bytes_total,
               (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir())::float8 AS wal_kept_bytes,
               (SELECT num_timed + num_requested FROM pg_stat_checkpointer)::float8 AS checkpoints_total,
               (SELECT coalesce(extract(epoch FROM max(replay_lag)), 0) FROM pg_stat_replication)::float8
                   AS replication_lag_seconds_maximum,
               (SELECT count(*) FROM pg_replication_slots WHERE NOT active)::float8 AS replication_slots_inactive
          FROM (SELECT sum(xact_commit)::float8 AS commits_total, sum(xact_rollback)::float8 AS rollbacks_total,
                       sum(blks_read)::float8 AS blocks_read_total, sum(blks_hit)::float8 AS blocks_hit_total,
                       sum(temp_bytes)::float8 AS temporary_bytes_total, sum(deadlocks)::float8 AS deadlocks_total,
                       coalesce(sum(checksum_failures), 0)::float8 AS checksum_failures_total
                  FROM pg_stat_database) d
        """;

    public static async Task<EngineMetrics> ReadAsync(
        LocalSession? session,
        MemberPaths paths,
        CancellationToken cancellationToken
    )
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["engine_up"] = session is null ? 0 : 1,
        };
        var volume = new DriveInfo(paths.VolumeRoot);
        values["volume_size_bytes"] = volume.TotalSize;
        values["volume_free_bytes"] = volume.AvailableFreeSpace;
        foreach (var (name, file) in MemoryFiles)
        {
            if (
                File.Exists(file)
                && double.TryParse(
                    await File.ReadAllTextAsync(file, cancellationToken),
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var bytes
                )
            )
            {
                values[name] = bytes;
            }
        }

        if (session is not null)
        {
            await session.QueryAsync(
                Sql,
                reader =>
                {
                    for (var i = 0; i < reader.FieldCount; i++)
                    {
                        values[reader.GetName(i)] = reader.GetDouble(i);
                    }

                    return true;
                },
                cancellationToken
            );
        }

        return new EngineMetrics { Values = values };
    }

    // cgroup v2 and v1; a machine sees its own at the root.
    private static readonly (string Name, string File)[] MemoryFiles =
    [
        ("memory_used_bytes", "/sys/fs/cgroup/memory.current"),
        ("memory_used_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ];
}
