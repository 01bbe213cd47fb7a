using System.Globalization;

namespace Dbaas.Engines.MySql.Parameters;

/// <summary>
/// Upper bounds that follow from the machine's size. MySQL itself would take more and then be killed for its memory or fill the
/// volume; here the plan says so before anything is touched.
/// </summary>
internal static class SizeBounds
{
    private const long MiB = 1024 * 1024;

    private sealed record Bound(double Share, bool OfMemory);

    private static readonly Dictionary<string, Bound> Bytes = new(StringComparer.OrdinalIgnoreCase)
    {
        // The rest is for the server's fixed part, sessions and the page cache of binary logs.
        ["innodb_buffer_pool_size"] = new(0.75, true),
        ["innodb_log_buffer_size"] = new(0.1, true),
        ["innodb_sort_buffer_size"] = new(0.1, true),
        ["key_buffer_size"] = new(0.1, true),
        ["temptable_max_ram"] = new(0.25, true),
        ["tmp_table_size"] = new(0.25, true),
        ["max_heap_table_size"] = new(0.25, true),
        ["join_buffer_size"] = new(0.1, true),
        ["sort_buffer_size"] = new(0.1, true),
        ["read_buffer_size"] = new(0.1, true),
        ["read_rnd_buffer_size"] = new(0.1, true),
        ["binlog_cache_size"] = new(0.1, true),
        ["innodb_online_alter_log_max_size"] = new(0.25, false),
        ["innodb_redo_log_capacity"] = new(0.25, false),
        ["temptable_max_mmap"] = new(0.25, false),
        ["max_binlog_cache_size"] = new(0.5, false),
    };

    // Where the engine's own default says "as much as you like" and nothing is taken in advance.
    private static readonly HashSet<string> Unlimited = new(StringComparer.OrdinalIgnoreCase)
    {
        "max_binlog_cache_size",
    };

    /// <summary>Checks one value in canonical form; null when it fits the machine.</summary>
    public static ParameterProblem? Check(Parameter parameter, string canonical, MachineSize size)
    {
        if (
            !decimal.TryParse(
                canonical,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
        {
            return null;
        }

        if (Bytes.TryGetValue(parameter.Name, out var bound))
        {
            var whole = bound.OfMemory ? size.MemoryBytes : size.StorageBytes;
            var most = Math.Floor((decimal)(whole * bound.Share) / MiB);
            return
                number > most * MiB
                && !(Unlimited.Contains(parameter.Name) && canonical == parameter.Default)
                ? new ParameterProblem(
                    parameter.Name,
                    "parameter.range",
                    $"{parameter.Name} is more than {bound.Share.ToString("P0", CultureInfo.InvariantCulture)} of the machine's {(bound.OfMemory ? "memory" : "storage")}.",
                    string.Create(CultureInfo.InvariantCulture, $"at most {most}M")
                )
                : null;
        }

        // Each connection costs at least 1 MiB for its thread and buffers before it does any work.
        var connections = Math.Max(50, size.MemoryBytes / (2 * MiB));
        return parameter.Name == "max_connections" && number > connections
            ? new ParameterProblem(
                parameter.Name,
                "parameter.range",
                "The machine's memory is too small for so many connections.",
                string.Create(CultureInfo.InvariantCulture, $"1 to {connections}")
            )
            : null;
    }
}
