using System.Globalization;

namespace Dbaas.Engines.PostgreSql.Parameters;

/// <summary>
/// Settings that follow from a machine's size. Sources, by section of PostgreSQL's documentation, stand beside each; a figure
/// without one is ours and says why. Values are in base units, as <c>pg_settings</c> shows them.
/// </summary>
internal static class SizeDerivedSettings
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;
    private const long GiB = 1024 * MiB;

    /// <summary>What the control service lets one machine have at most.</summary>
    private const int MostCores = 64;

    public static IReadOnlyDictionary<string, string> Derive(MachineSize size)
    {
        var memory = size.MemoryBytes;
        var connections = Math.Clamp(memory / (10 * MiB), 25, 1000);
        var cores = Math.Max(1, (int)Math.Ceiling(size.Cpu));
        var maximumWal = Math.Clamp(size.StorageBytes / 10, 64 * MiB, 16 * GiB);
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            // 19.4.1: a quarter of the memory of a dedicated server is a reasonable start.
            ["shared_buffers"] = Blocks(Math.Max(memory / 4, 16 * MiB)),
            // 19.7.2: shared buffers plus what the kernel can cache; the machine's page cache counts against its memory limit, and
            // the rest is for processes, the agent and Patroni.
            ["effective_cache_size"] = Blocks(memory * 6 / 10),
            // A connection that works costs 5 to 10 MiB of private memory; 25 is the least that Patroni accepts.
            ["max_connections"] = Text(connections),
            // 19.4.1: several operations of one query may use it, so all connections together get 40 % of the memory.
            ["work_mem"] = Kilobytes(Math.Clamp(memory * 4 / 10 / connections, 1 * MiB, 64 * MiB)),
            // 19.4.1: vacuum and index builds profit; three autovacuum workers together stay at 15 %.
            ["maintenance_work_mem"] = Kilobytes(Math.Clamp(memory / 20, 16 * MiB, 2 * GiB)),
            // 19.5.2: a soft limit, so a tenth leaves room for a burst and for what slots and standbys keep.
            ["max_wal_size"] = Text(maximumWal / MiB),
            ["min_wal_size"] = Text(Math.Clamp(maximumWal / 4, 32 * MiB, 1 * GiB) / MiB),
            // 19.6.1: WAL for standbys that fell behind for a moment; at most a fiftieth of the volume.
            ["wal_keep_size"] = Text(Math.Clamp(size.StorageBytes / 50, 16 * MiB, 512 * MiB) / MiB),
            // 19.6.1: a slot nobody reads is dropped at this bound, before it fills the volume.
            ["max_slot_wal_keep_size"] = Text(Math.Max(size.StorageBytes / 10, 64 * MiB) / MiB),
            // 19.4.2: one query's temporary files cannot fill the volume. The engine's own maximum is 2 TiB.
            ["temp_file_limit"] = Kilobytes(
                Math.Clamp(size.StorageBytes / 4, 64 * MiB, 1024 * GiB)
            ),
            // 19.4.6: parallel workers beyond the cores only wait.
            ["max_parallel_workers"] = Text(cores),
            ["max_parallel_workers_per_gather"] = Text(cores / 2),
            ["max_parallel_maintenance_workers"] = Text(Math.Max(1, cores / 2)),
            // Only a restart changes it, and a change of cores must not need one (ADR 0063): the cores of the largest machine, and
            // eight that stay free for logical replication and extensions, as in the engine's default.
            ["max_worker_processes"] = Text(MostCores + 8),
            // 19.7.2: the volume has no heads to move; 1.1 keeps a slight preference for sequential reads.
            ["random_page_cost"] = "1.1",
        };
    }

    private static string Blocks(long bytes) => Text(bytes / (8 * KiB));

    private static string Kilobytes(long bytes) => Text(bytes / KiB);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
