namespace Dbaas.Engines.Tests.Machines;

/// <summary>
/// A file system of its own for each machine, as the host gives it one: a flush of it must not wait for what else the test machine
/// writes, and its figures mean nothing otherwise.
/// </summary>
internal static class TestVolume
{
    /// <summary>Mounts the volume in <paramref name="file"/>, made on first use, on <paramref name="folder"/>; repeatable.</summary>
    public static async Task MountAsync(string folder, string file)
    {
        Directory.CreateDirectory(folder);
        if (MountedBelow(folder).Length > 0)
        {
            return;
        }

        if (!File.Exists(file))
        {
            await Shell.RunAsync("truncate", "-s", "2G", file);
            await Shell.RunAsync("mkfs.ext4", "-q", "-F", file);
        }

        // The loop device goes with the mount, also when the test run is killed and the sweep unmounts.
        await Shell.RunAsync("mount", "-o", "loop", file, folder);
    }

    /// <summary>Takes away every mount below the folder, the innermost first.</summary>
    public static async Task SweepAsync(string folder)
    {
        foreach (var mounted in Enumerable.Reverse(MountedBelow(folder)))
        {
            await Shell.RunAsync("umount", "--lazy", mounted);
        }
    }

    private static string[] MountedBelow(string folder) =>
        [
            .. File.ReadLines("/proc/mounts")
                .Select(line => line.Split(' ')[1])
                .Where(path =>
                    path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)
                ),
        ];
}
