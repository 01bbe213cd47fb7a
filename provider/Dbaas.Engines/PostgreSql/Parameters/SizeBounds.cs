using System.Globalization;

namespace Dbaas.Engines.PostgreSql.Parameters;

/// <summary>
/// Upper bounds that follow from the machine's size. PostgreSQL itself would take more and then fail to start, be killed for its
/// memory, or fill the volume; here the plan says so before anything is touched.
/// </summary>
internal static class SizeBounds
{
    private const long MiB = 1024 * 1024;

    /// <summary>Bytes one slot of the shared lock table costs (LOCK and PROCLOCK entries with their hash overhead, about 270).</summary>
    private const double LockBytes = 300;

    private sealed record Bound(double Share, bool OfMemory);

    private static readonly Dictionary<string, Bound> Bytes = new(StringComparer.OrdinalIgnoreCase)
    {
        // The documentation (19.4.1) warns above 40 %; half leaves the other half to connections and the page cache.
        ["shared_buffers"] = new(0.5, true),
        ["wal_buffers"] = new(0.05, true),
        ["work_mem"] = new(0.25, true),
        ["maintenance_work_mem"] = new(0.5, true),
        ["autovacuum_work_mem"] = new(0.25, true),
        ["logical_decoding_work_mem"] = new(0.25, true),
        ["temp_buffers"] = new(0.25, true),
        ["max_wal_size"] = new(0.5, false),
        ["min_wal_size"] = new(0.25, false),
        ["temp_file_limit"] = new(0.9, false),
    };

    /// <summary>Checks one value; null when it fits the machine.</summary>
    public static ParameterProblem? Check(
        Parameter parameter,
        ParameterValue value,
        MachineSize size
    )
    {
        if (value.Number is not { } number)
        {
            return null;
        }

        if (Bytes.TryGetValue(parameter.Name, out var bound))
        {
            var whole = bound.OfMemory ? size.MemoryBytes : size.StorageBytes;
            var unit = Units.BytesOf(parameter.Unit) ?? 1;
            var most = Math.Floor(whole * bound.Share / unit) * unit;
            return number * unit > most
                ? Refuse(
                    parameter,
                    $"{parameter.Name} is more than {bound.Share:P0} of the machine's {(bound.OfMemory ? "memory" : "storage")}.",
                    $"at most {Units.Readable(Rounded(most))}"
                )
                : null;
        }

        // Each connection costs at least 2 MiB of private memory before it does any work.
        return
            parameter.Name == "max_connections"
            && Math.Max(25, size.MemoryBytes / (2 * MiB)) is var connections
            && number > connections
            ? Refuse(
                parameter,
                "The machine's memory is too small for so many connections.",
                string.Create(CultureInfo.InvariantCulture, $"1 to {connections}")
            )
            : null;
    }

    /// <summary>Rules that bind several parameters together, on the settings that would be in force.</summary>
    /// <param name="settings">Effective settings in canonical form.</param>
    /// <param name="isOfUser">Whether the user set a parameter; only such a one can be blamed.</param>
    public static IEnumerable<ParameterProblem> CheckTogether(
        Func<string, double> settings,
        Func<string, bool> isOfUser,
        MachineSize size
    )
    {
        var connections = settings("max_connections");
        var reserved =
            settings("superuser_reserved_connections") + settings("reserved_connections");
        if (reserved >= connections)
        {
            yield return new ParameterProblem(
                First(
                    isOfUser,
                    "superuser_reserved_connections",
                    "reserved_connections",
                    "max_connections"
                ),
                "parameter.range",
                "Reserved connections must stay below max_connections, else the server does not start.",
                string.Create(CultureInfo.InvariantCulture, $"max_connections above {reserved}")
            );
        }

        var locks =
            settings("max_locks_per_transaction")
            * (connections + settings("max_prepared_transactions"))
            * LockBytes;
        var most = size.MemoryBytes / 8.0;
        if (locks > most)
        {
            yield return new ParameterProblem(
                First(
                    isOfUser,
                    "max_locks_per_transaction",
                    "max_prepared_transactions",
                    "max_connections"
                ),
                "parameter.range",
                "The lock table (max_locks_per_transaction × (max_connections + max_prepared_transactions)) would take more than an "
                    + "eighth of the machine's memory.",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a product of at most {Math.Floor(most / LockBytes)}"
                )
            );
        }

        if (settings("min_wal_size") > settings("max_wal_size"))
        {
            yield return new ParameterProblem(
                First(isOfUser, "min_wal_size", "max_wal_size"),
                "parameter.range",
                "min_wal_size is above max_wal_size.",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"min_wal_size at most {settings("max_wal_size")}MB"
                )
            );
        }
    }

    private static string First(Func<string, bool> isOfUser, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (isOfUser(name))
            {
                return name;
            }
        }

        return names[0];
    }

    private static double Rounded(double bytes) =>
        bytes > 64 * MiB ? Math.Floor(bytes / MiB) * MiB : bytes;

    private static ParameterProblem Refuse(Parameter parameter, string message, string allowed) =>
        new(parameter.Name, "parameter.range", message, allowed);
}
