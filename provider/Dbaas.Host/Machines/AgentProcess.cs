using Dbaas.Host.Native;

namespace Dbaas.Host.Machines;

/// <summary>Finds the agent among the processes of a machine.</summary>
internal static class AgentProcess
{
    /// <summary>
    /// Kills <c>dbaas-agent serve</c>; the reaper starts the program that is there now. SIGKILL, because SIGTERM asks the agent to stop
    /// the engine, and an upgrade must not.
    /// </summary>
    public static void Restart(IEnumerable<int> processes)
    {
        foreach (var pid in processes.Where(IsAgent))
        {
            Signals.Send(pid, Signals.Kill);
        }
    }

    private static bool IsAgent(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0')
                    is [var program, "serve", ..]
                && Path.GetFileName(program) == MachineFolder.Binary;
        }
        catch (IOException)
        {
            return false; // ended meanwhile
        }
    }
}
