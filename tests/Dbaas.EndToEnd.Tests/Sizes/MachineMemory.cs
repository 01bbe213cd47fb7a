using System.Globalization;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Sizes;

/// <summary>What the kernel counts for the machines of an installation, of either version of control groups.</summary>
internal static class MachineMemory
{
    private const double MiB = 1024 * 1024;

    /// <summary>Processes killed for want of memory, in all machines since each was made.</summary>
    public static long Kills(Platform platform) =>
        Groups(platform)
            .Sum(folder =>
                Field($"{folder}/memory.events", "oom_kill")
                + Field($"{folder}/memory.oom_control", "oom_kill")
            );

    /// <summary>What the fullest machine holds that cannot be given back without swapping.</summary>
    public static double AnonymousMib(Platform platform) =>
        Groups(platform)
            .Max(folder =>
                folder.Contains("/memory/", StringComparison.Ordinal)
                    ? Field($"{folder}/memory.stat", "total_rss")
                    : Field($"{folder}/memory.stat", "anon")
            ) / MiB;

    private static IReadOnlyList<string> Groups(Platform platform) =>
        [
            .. Directory
                .EnumerateDirectories("/sys/fs/cgroup", "*", SearchOption.AllDirectories)
                .Where(folder =>
                    folder.Contains($"dbaas-{platform.InstallationId}", StringComparison.Ordinal)
                    && File.Exists($"{folder}/memory.stat")
                ),
        ];

    private static long Field(string file, string name) =>
        !File.Exists(file)
            ? 0
            : File.ReadLines(file)
                .Select(line => line.Split(' '))
                .Where(fields => fields[0] == name)
                .Select(fields => long.Parse(fields[1], CultureInfo.InvariantCulture))
                .FirstOrDefault();
}
