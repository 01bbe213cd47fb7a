using System.Globalization;
using Dbaas.Client.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Capacity;

/// <summary>Who gets which host, and who gets none. Pure.</summary>
internal static class Placement
{
    public static Demand TotalOf(HostFacts facts, CapacityOptions options) =>
        new(
            int.MaxValue,
            facts.Cpus * options.CpuOvercommit,
            Math.Max(0, facts.MemoryBytes - (long)(options.ReservedMemoryGib * (1L << 30))),
            (long)(facts.DiskTotalBytes * options.VolumeRatio)
        );

    /// <summary>The host with the most free memory among those that can take it, or null.</summary>
    public static HostCapacity? Choose(IEnumerable<HostCapacity> hosts, Demand demand) =>
        hosts
            .Where(host => host.Fits(demand))
            .OrderByDescending(host => host.Free.MemoryBytes)
            .ThenBy(host => host.HostId, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Why no host can take it: one problem for each size that is too large.</summary>
    public static IReadOnlyList<FieldProblem> Explain(
        IReadOnlyList<HostCapacity> hosts,
        Demand demand,
        string region
    )
    {
        if (hosts.Count == 0)
        {
            return
            [
                new(
                    "/region",
                    CapacityProblems.RegionUnavailable,
                    $"No host of {region} answers now.",
                    "another region, or later"
                ),
            ];
        }

        var problems = new List<FieldProblem>();
        var cpu = hosts.Max(host => host.Free.Cpu);
        var memory = hosts.Max(host => host.Free.MemoryBytes);
        var storage = hosts.Max(host => host.Free.StorageBytes);
        if (demand.Cpu > cpu + 1e-9)
        {
            problems.Add(Exceeded("/cpu", CapacityProblems.Exceeded, region, cpu, "cores"));
        }

        if (demand.MemoryBytes > memory)
        {
            problems.Add(
                Exceeded("/memoryGib", CapacityProblems.Exceeded, region, Gib(memory), "GiB")
            );
        }

        if (demand.StorageBytes > storage)
        {
            problems.Add(
                Exceeded(
                    "/storageGib",
                    CapacityProblems.Exceeded,
                    region,
                    Math.Floor(Gib(storage)),
                    "GiB"
                )
            );
        }

        // Each size fits somewhere, but no single host has all of them free.
        return problems.Count > 0
            ? problems
            :
            [
                new(
                    "/memoryGib",
                    CapacityProblems.Exceeded,
                    $"No single host of {region} has all of this free.",
                    "a smaller size"
                ),
            ];
    }

    /// <summary>What of a tenant's quota would be exceeded; empty when nothing.</summary>
    public static IReadOnlyList<FieldProblem> CheckQuota(Demand quota, Demand taken, Demand more)
    {
        var after = taken + more;
        var problems = new List<FieldProblem>();
        if (after.Instances > quota.Instances)
        {
            problems.Add(
                new(
                    "/name",
                    CapacityProblems.Quota,
                    $"The tenant may have {quota.Instances} instances and has {taken.Instances}.",
                    "delete one, or ask for more"
                )
            );
        }

        if (more.Cpu > 0 && after.Cpu > quota.Cpu + 1e-9)
        {
            problems.Add(OverQuota("/cpu", quota.Cpu, taken.Cpu, "cores"));
        }

        if (more.MemoryBytes > 0 && after.MemoryBytes > quota.MemoryBytes)
        {
            problems.Add(
                OverQuota("/memoryGib", Gib(quota.MemoryBytes), Gib(taken.MemoryBytes), "GiB")
            );
        }

        if (more.StorageBytes > 0 && after.StorageBytes > quota.StorageBytes)
        {
            problems.Add(
                OverQuota("/storageGib", Gib(quota.StorageBytes), Gib(taken.StorageBytes), "GiB")
            );
        }

        return problems;
    }

    public static double Gib(long bytes) => Math.Max(0, Math.Round(bytes / (double)(1L << 30), 3));

    private static FieldProblem Exceeded(
        string pointer,
        string code,
        string region,
        double free,
        string unit
    ) =>
        new(
            pointer,
            code,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{region} has at most {Math.Max(0, free)} {unit} free on one host."
            ),
            string.Create(CultureInfo.InvariantCulture, $"up to {Math.Max(0, free)}")
        );

    private static FieldProblem OverQuota(
        string pointer,
        double quota,
        double taken,
        string unit
    ) =>
        new(
            pointer,
            CapacityProblems.Quota,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The tenant's quota is {quota} {unit}; {taken} are used."
            ),
            string.Create(CultureInfo.InvariantCulture, $"up to {Math.Max(0, quota - taken)} more")
        );
}
