using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Finds the processes of a victim right now.</summary>
internal static class VictimProcesses
{
    public static IReadOnlyList<int> Find(Victim victim, Platform platform, Command terraform) =>
        victim switch
        {
            Victim.ControlService => [platform.ProcessOf("control")],
            Victim.Host => [platform.ProcessOf("host-local-a")],
            Victim.Agent => [.. platform.Processes().Where(IsAgent)],
            Victim.Provider =>
            [
                .. ProcessTable.Where(pid =>
                    ProcessTable.Parent(pid) == terraform.ProcessId
                    && Path.GetFileName(ProcessTable.Program(pid))
                        .StartsWith("terraform-provider-dbaas", StringComparison.Ordinal)
                ),
            ],
            Victim.Terraform => [terraform.ProcessId],
            _ => throw new ArgumentOutOfRangeException(nameof(victim), victim, "Unknown victim."),
        };

    /// <summary>PID 1 of a machine is the same binary, as its reaper; killing that one ends the machine.</summary>
    private static bool IsAgent(int pid)
    {
        var line = ProcessTable.CommandLine(pid).Split('\0');
        return line[0].EndsWith("dbaas-agent", StringComparison.Ordinal)
            && !line.Contains("reaper");
    }
}
