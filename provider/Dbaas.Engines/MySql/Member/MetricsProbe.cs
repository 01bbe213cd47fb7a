using System.Globalization;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>Figures of the server and its volume. Units are part of each name; counters end in <c>_total</c>.</summary>
internal static class MetricsProbe
{
    // The server's own counter → our name.
    private static readonly Dictionary<string, string> Counters = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["Uptime"] = "uptime_seconds",
        ["Threads_connected"] = "connections_current",
        ["Threads_running"] = "connections_active",
        ["Innodb_row_lock_current_waits"] = "connections_waiting_for_locks",
        ["Com_commit"] = "commits_total",
        ["Com_rollback"] = "rollbacks_total",
        ["Questions"] = "statements_total",
        ["Slow_queries"] = "slow_statements_total",
        ["Created_tmp_disk_tables"] = "temporary_tables_on_disk_total",
        ["Innodb_buffer_pool_reads"] = "blocks_read_total",
        ["Innodb_buffer_pool_read_requests"] = "blocks_requested_total",
        ["Innodb_row_lock_time"] = "row_lock_wait_milliseconds_total",
        ["Innodb_os_log_written"] = "redo_bytes_total",
        ["Binlog_cache_disk_use"] = "binlog_cache_spills_total",
        ["Aborted_connects"] = "connections_refused_total",
    };

    // cgroup v2 and v1; a machine sees its own at the root.
    private static readonly string[] MemoryFiles =
    [
        "/sys/fs/cgroup/memory.current",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ];

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
        foreach (var file in MemoryFiles.Where(File.Exists))
        {
            if (Number(await File.ReadAllTextAsync(file, cancellationToken)) is { } bytes)
            {
                values["memory_used_bytes"] = bytes;
            }
        }

        if (session is null)
        {
            return new EngineMetrics { Values = values };
        }

        var shown = await session.QueryAsync(
            "SELECT variable_name, variable_value FROM performance_schema.global_status "
                + "UNION ALL SELECT 'connections_maximum', @@GLOBAL.max_connections",
            reader => (Name: reader.GetString(0), Value: reader.GetString(1)),
            cancellationToken
        );
        foreach (var (name, value) in shown)
        {
            var known = name == "connections_maximum" ? name : Counters.GetValueOrDefault(name);
            if (known is not null && Number(value) is { } number)
            {
                values[known] = number;
            }
        }

        var logs = await session.QueryAsync(
            "SHOW BINARY LOGS",
            reader => (double)reader.GetUInt64(1),
            cancellationToken
        );
        values["binlog_kept_bytes"] = logs.Sum();
        return new EngineMetrics { Values = values };
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
