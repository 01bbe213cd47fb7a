using Dbaas.Host.Configuration;
using Dbaas.Host.Native;
using Dbaas.Host.State;

namespace Dbaas.Host.Machines;

/// <summary>
/// The host's files of a machine: <c>reaper/</c> (PID 1, linked once, never upgraded), <c>agent/</c> (replaced when the platform is
/// upgraded), <c>run/</c> (the agent's socket; mounted while the machine lives, and its own).
/// </summary>
internal sealed class MachineFolder(HostPaths paths, HostSettings settings)
{
    public const string Binary = "dbaas-agent";

    /// <summary>
    /// Room of <c>run/</c>: a few sockets and process ids. In memory and bounded, because a machine that was taken over could fill the
    /// host's disk through a plain folder, and with it stop every other database.
    /// </summary>
    public const string RunLimits = "size=1m,nr_inodes=64";

    private const UnixFileMode Program =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    public string Path(string machineId) =>
        System.IO.Path.Combine(paths.Machines, ObjectId.Check(machineId));

    public string Reaper(string machineId) => System.IO.Path.Combine(Path(machineId), "reaper");

    public string Agent(string machineId) => System.IO.Path.Combine(Path(machineId), "agent");

    public string Run(string machineId) => System.IO.Path.Combine(Path(machineId), "run");

    public string Socket(string machineId) => System.IO.Path.Combine(Run(machineId), "agent.sock");

    public void Ensure(string machineId)
    {
        Directory.CreateDirectory(Reaper(machineId));
        Directory.CreateDirectory(Agent(machineId));
        Directory.CreateDirectory(Run(machineId));
        var reaper = new FileInfo(System.IO.Path.Combine(Reaper(machineId), Binary));
        // Empty is what a power cut makes of a file that was never written down; no machine starts from that, and nobody upgrades it.
        if (!reaper.Exists || reaper.Length == 0)
        {
            Copy(reaper.FullName);
        }
        UpgradeAgent(machineId);
    }

    /// <summary>
    /// Gives the machine an empty <c>run/</c> of its own. Only while it has no container: one that was made keeps what it has mounted,
    /// and we would look for its agent in another.
    /// </summary>
    public void MountRun(string machineId, int uid)
    {
        UnmountRun(machineId); // an earlier life may have filled it
        Mount.At(
            "tmpfs",
            Run(machineId),
            "tmpfs",
            Mount.Options.NoSetUid | Mount.Options.NoDevices | Mount.Options.NoExecute,
            $"{RunLimits},mode=700,uid={uid},gid={uid}"
        );
    }

    /// <summary>Takes <c>run/</c> away; whoever still asks an agent there keeps it until it has its answer.</summary>
    public void UnmountRun(string machineId) => Mount.Remove(Run(machineId), lazy: true);

    /// <summary>Brings the deployed agent into the machine; true when it was another one.</summary>
    public bool UpgradeAgent(string machineId)
    {
        var deployed = new FileInfo(System.IO.Path.Combine(settings.AgentFolder, Binary));
        var present = new FileInfo(System.IO.Path.Combine(Agent(machineId), Binary));
        if (
            present.Exists
            && present.Length == deployed.Length
            && present.LastWriteTimeUtc == deployed.LastWriteTimeUtc
        )
        {
            return false;
        }
        Copy(present.FullName);
        return true;
    }

    public bool Remove(string machineId)
    {
        var folder = Path(machineId);
        if (!Directory.Exists(folder))
        {
            return false;
        }
        UnmountRun(machineId); // a mount point cannot be deleted
        Directory.Delete(folder, recursive: true);
        return true;
    }

    private void Copy(string target)
    {
        var source = System.IO.Path.Combine(settings.AgentFolder, Binary);
        if (!File.Exists(source))
        {
            throw new HostRefusal(
                RefusalKind.Forbidden,
                "host.agent_missing",
                $"The agent's program is not deployed at {source}."
            );
        }
        // Beside and renamed: the old one may be running, and writing to a running program fails.
        var beside = target + ".new";
        File.Delete(beside);
        // One file for all machines is in memory once; a deployment replaces the file and never writes into it.
        if (
            (File.GetUnixFileMode(source) & Program) != Program
            || !HardLink.TryMake(source, beside)
        )
        {
            File.Copy(source, beside);
            File.SetUnixFileMode(beside, Program);
        }
        File.Move(beside, target, overwrite: true);
    }
}
