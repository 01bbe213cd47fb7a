using System.Globalization;

namespace Dbaas.Engines.MySql.Parameters;

/// <summary>
/// Settings that follow from a machine's size. Sources, by page of MySQL's manual, stand beside each; a figure without one is ours and
/// says why. Values are bytes and plain numbers, as the server shows them. All that differ between sizes can be changed
/// without a restart, so that a machine grows live.
/// </summary>
internal static class SizeDerivedSettings
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;
    private const long GiB = 1024 * MiB;

    /// <summary>What the server takes beside the buffer pool before anybody connects, with the agent (ADR 0092).</summary>
    private const long Fixed = 640 * MiB;

    public static IReadOnlyDictionary<string, string> Derive(MachineSize size)
    {
        var memory = size.MemoryBytes;
        var cores = Math.Max(1, (int)Math.Ceiling(size.Cpu));
        var connections = Math.Clamp(memory / (16 * MiB), 50, 2000);
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            // "Configuring InnoDB Buffer Pool Size": up to 80 % of a dedicated server; here of what the fixed part leaves, because
            // sessions and the page cache of binary logs count against the machine's limit.
            ["innodb_buffer_pool_size"] = Text(BufferPool(memory)),
            // "Optimizing InnoDB Redo Logging": an hour of writes would be right and cannot be known; a tenth of the volume at most.
            ["innodb_redo_log_capacity"] = Text(
                Math.Clamp(size.StorageBytes / 10 / MiB * MiB, 64 * MiB, 8 * GiB)
            ),
            // A session that works costs 5 to 12 MiB; the figure is a ceiling, not a reservation.
            ["max_connections"] = Text(connections),
            // "How MySQL Opens and Closes Tables": connections times tables of a join; each open table costs about 8 KiB and more.
            ["table_open_cache"] = Text(Math.Clamp(memory / MiB, 800, 8000)),
            ["table_definition_cache"] = Text(Math.Clamp(memory / MiB, 800, 4000)),
            // "Internal Temporary Table Use": all sessions together; beyond it temporary tables go to disk.
            ["temptable_max_ram"] = Text(Math.Clamp(memory / 32 / MiB * MiB, 16 * MiB, 1 * GiB)),
            // One session's own share of the above.
            ["tmp_table_size"] = Text(Math.Clamp(memory / 64 / MiB * MiB, 8 * MiB, 128 * MiB)),
            ["max_heap_table_size"] = Text(Math.Clamp(memory / 64 / MiB * MiB, 8 * MiB, 128 * MiB)),
            ["innodb_log_buffer_size"] = Text(
                Math.Clamp(memory / 128 / MiB * MiB, 8 * MiB, 64 * MiB)
            ),
            // MyISAM is not used by the server itself any more.
            ["key_buffer_size"] = Text(1 * MiB),
            // "Binary Logging Options": a day, less where they take too much of the volume (ADR 0137), and files so small that several fit
            // into what they may take.
            ["binlog_expire_logs_seconds"] = "86400",
            ["max_binlog_size"] = Text(
                Math.Clamp(size.StorageBytes / 64 / MiB * MiB, 16 * MiB, 512 * MiB)
            ),
            // "Configuring InnoDB I/O Capacity": a virtual disk; the background may use what one such does.
            ["innodb_io_capacity"] = "2000",
            ["innodb_io_capacity_max"] = "4000",
            ["innodb_parallel_read_threads"] = Text(Math.Clamp(cores, 1, 64)),
            // The server fills these with zeros before it does anything else, 10,000 rows each: 75 MiB and 0.3 s of every start
            // (ADR 0098). Nothing writes into the long histories until somebody enables their consumers.
            ["performance_schema_digests_size"] = "3000",
            ["performance_schema_events_stages_history_long_size"] = "1000",
            ["performance_schema_events_statements_history_long_size"] = "1000",
            ["performance_schema_events_transactions_history_long_size"] = "1000",
            ["performance_schema_events_waits_history_long_size"] = "1000",
        };
    }

    // What the fixed part leaves, less a fifth for sessions and the page cache, and never more than the user could set himself.
    private static long BufferPool(long memory) =>
        Math.Max(
            128 * MiB,
            Math.Min((memory - Fixed) * 8 / 10, memory * 3 / 4) / (128 * MiB) * (128 * MiB)
        );

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
