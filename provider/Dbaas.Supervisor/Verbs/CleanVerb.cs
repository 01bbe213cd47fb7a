using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Verbs;

/// <summary>Removes an installation and every trace of it in the kernel.</summary>
internal sealed class CleanVerb(VerbContext context)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var paths = context.Paths;
        var installation = InstallationFile.Read(paths);
        using (context.Lock())
        {
            var down = new DownVerb(context);
            await down.StopAsync(cancellationToken);
            foreach (var region in installation.Regions)
            {
                await down.HostAsync("clean", region.Name, cancellationToken);
            }

            RemoveCgroups($"dbaas-{installation.Id}");
            RefuseMounts(paths.Root);
            // Last, so that a clean that was killed before this can be run again and finds everything it needs.
            Directory.Delete(paths.Root, recursive: true);
        }

        new BoxRegister(BoxRegister.Usual).Remove(installation);
        context.Say($"removed installation {installation.Id} below {paths.Root}");
        return 0;
    }

    /// <summary>The regions have removed theirs; the installation's own folder, and the metadata's in it, are empty by now.</summary>
    private static void RemoveCgroups(string name)
    {
        foreach (
            var hierarchy in Directory
                .EnumerateDirectories("/sys/fs/cgroup")
                .Append("/sys/fs/cgroup")
        )
        {
            var folder = Path.Combine(hierarchy, name);
            if (!Directory.Exists(folder))
            {
                continue;
            }

            // A cgroup is removed by rmdir alone, innermost first; its files cannot be deleted and need not be.
            foreach (
                var inner in Directory
                    .EnumerateDirectories(folder, "*", SearchOption.AllDirectories)
                    .OrderByDescending(path => path.Length)
                    .Append(folder)
            )
            {
                Libc.RemoveFolder(inner);
            }
        }
    }

    /// <summary>Deleting through a mount that is still there would destroy what is mounted.</summary>
    private static void RefuseMounts(string root)
    {
        var mounts = File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' ')[1])
            .Where(mount => mount.StartsWith(root + "/", StringComparison.Ordinal))
            .ToList();
        if (mounts.Count > 0)
        {
            throw new SupervisorException(
                $"Still mounted, so nothing was deleted: {string.Join(", ", mounts)}. Unmount them and clean again."
            );
        }
    }
}
