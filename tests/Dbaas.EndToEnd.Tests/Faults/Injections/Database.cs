using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>An instance under attack or beside one.</summary>
/// <param name="Machine">Its machine's id, which is in the name of its cgroup.</param>
internal sealed record Database(
    EngineUnderTest Engine,
    string Name,
    string Id,
    string Machine,
    Credentials Credentials
)
{
    public const string Region = "local-a";

    /// <summary>The engine's first process: the postmaster, or mysqld.</summary>
    public int EngineProcess()
    {
        var program = Engine.Engine == "mysql" ? "mysqld" : "postgres";
        return ProcessTable
            .Where(pid =>
                IsOurs(pid)
                && Path.GetFileName(ProcessTable.Program(pid)) == program
                && Path.GetFileName(ProcessTable.Program(ProcessTable.Parent(pid))) != program
            )
            .FirstOrDefault();
    }

    /// <summary>When the engine's process started, in ticks of the kernel; tells two starts apart.</summary>
    public string EngineLife()
    {
        var pid = EngineProcess();
        return pid == 0 ? "" : $"{pid} {ProcessTable.StartTicks(pid)}";
    }

    /// <summary>
    /// Processes that the kernel has ended for their memory, from whichever cgroup version there is. The folder is asked for by
    /// <see cref="CgroupFolder"/> while the engine lives: right after such a death there is no process to ask.
    /// </summary>
    public static long Deaths(string folder)
    {
        var first = Path.Combine(folder, "memory.oom_control");
        return File.ReadAllLines(File.Exists(first) ? first : Path.Combine(folder, "memory.events"))
            .Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
            .Select(line =>
                long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)
            )
            .FirstOrDefault();
    }

    /// <summary>Folder of the machine's cgroup.</summary>
    public string CgroupFolder(string controller)
    {
        foreach (var line in ProcessTable.Cgroups(EngineProcess()).Split('\n'))
        {
            var parts = line.Split(':');
            if (parts.Length == 3 && parts[1].Split(',').Contains(controller))
            {
                return $"/sys/fs/cgroup/{controller}{Inner(parts[2])}";
            }
        }

        return "/sys/fs/cgroup"
            + Inner(
                ProcessTable
                    .Cgroups(EngineProcess())
                    .Split('\n')
                    .Select(line => line.Split(':'))
                    .First(parts => parts.Length == 3 && parts[1].Length == 0)[2]
            );
    }

    private string Inner(string path) =>
        path[..(path.IndexOf(Machine, StringComparison.Ordinal) + Machine.Length)];

    private bool IsOurs(int pid) =>
        ProcessTable.Cgroups(pid).Contains(Machine, StringComparison.Ordinal);
}
