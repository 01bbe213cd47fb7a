using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Removal;

/// <summary>What is mounted below an installation's root.</summary>
internal sealed class InstallationMounts(string root)
{
    /// <summary>Mount points, the one mounted last first.</summary>
    public IReadOnlyList<string> Find() =>
        [
            .. File.ReadLines("/proc/self/mounts")
                .Select(line => line.Split(' ')[1].Replace(@"\040", " ", StringComparison.Ordinal))
                .Where(mount => mount.StartsWith(root + "/", StringComparison.Ordinal))
                .Reverse(),
        ];

    /// <summary>Takes all away. Deleting through a mount that is still there would destroy what is mounted.</summary>
    /// <exception cref="SupervisorException">One is in use; nothing may be deleted.</exception>
    public void Remove()
    {
        var refusals = Find().Select(Libc.Unmount).OfType<string>().ToList();
        if (Find() is { Count: > 0 } left)
        {
            throw new SupervisorException(
                $"Still mounted, so nothing was deleted: {string.Join(", ", left)} ({string.Join("; ", refusals)}). "
                    + "Unmount them and clean again."
            );
        }
    }
}
