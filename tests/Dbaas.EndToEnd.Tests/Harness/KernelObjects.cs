namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>What of an installation is left in the kernel, found by the id in its name and nothing else.</summary>
public static class KernelObjects
{
    public static async Task<IReadOnlyList<string>> OfAsync(string installationId)
    {
        var left = new List<string>();
        left.AddRange(Matching(await File.ReadAllLinesAsync("/proc/self/mounts"), installationId));
        left.AddRange(
            Matching(
                (await Command.RunAsync("ip", ["netns", "list"])).Output.Split('\n'),
                installationId
            )
        );
        // Interface names have room for six of the eight digits.
        left.AddRange(
            Matching(
                (await Command.RunAsync("ip", ["-o", "link", "show"])).Output.Split('\n'),
                installationId[..6]
            )
        );
        left.AddRange(
            Matching(
                (await Command.RunAsync("nft", ["list", "tables"])).Output.Split('\n'),
                installationId
            )
        );
        left.AddRange(
            Matching(
                (
                    await Command.RunAsync("losetup", ["-l", "-n", "-O", "NAME,BACK-FILE"])
                ).Output.Split('\n'),
                installationId
            )
        );
        left.AddRange(
            Directory
                .EnumerateDirectories("/sys/fs/cgroup")
                .SelectMany(hierarchy =>
                    Directory.EnumerateDirectories(hierarchy).Append(hierarchy)
                )
                .Where(cgroup => cgroup.Contains(installationId, StringComparison.Ordinal))
        );
        return left;
    }

    private static IEnumerable<string> Matching(IEnumerable<string> lines, string part) =>
        lines.Where(line => line.Contains(part, StringComparison.Ordinal));
}
