using System.Text.Json;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Members;

/// <summary>What an agent must remember so that the next one can go on where it was killed.</summary>
/// <param name="specFile">On the encrypted volume.</param>
/// <param name="desiredFile">On a tmpfs of the machine.</param>
internal sealed class MemberState(string specFile, string desiredFile)
{
    /// <summary>The last specification that was applied in full; it lies on the encrypted volume, mode 0600.</summary>
    public MemberSpec? Load()
    {
        if (!File.Exists(specFile))
        {
            return null;
        }

        using var stream = File.OpenRead(specFile);
        return JsonSerializer.Deserialize(stream, AgentJson.Default.MemberSpec);
    }

    public void Save(MemberSpec spec) =>
        PrivateFile.Write(specFile, JsonSerializer.Serialize(spec, AgentJson.Default.MemberSpec));

    /// <summary>
    /// Whether the engine was asked to run in this life of the machine. After a reboot the answer is no: the machine then waits for
    /// its host, because somebody else may have become primary meanwhile.
    /// </summary>
    public bool Desired =>
        File.Exists(desiredFile) && File.ReadAllText(desiredFile) == MachineLife();

    public void Desire(bool running)
    {
        if (running)
        {
            PrivateFile.Write(desiredFile, MachineLife());
        }
        else
        {
            File.Delete(desiredFile);
        }
    }

    // PID 1 lives as long as the machine; its start time is in ticks since the host's boot, hence the boot's id beside it.
    private static string MachineLife() =>
        $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {ProcessTable.StartTicks(1)}";
}
