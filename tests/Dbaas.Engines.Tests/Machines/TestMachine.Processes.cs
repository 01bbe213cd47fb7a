using System.Globalization;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>The processes of one machine, found by its process namespace.</summary>
internal sealed partial class TestMachine
{
    /// <summary>The server's process as the test's own process namespace numbers it.</summary>
    public int PostmasterPid()
    {
        // A process it has just forked still has its command line, until it gives itself a title.
        var servers = Pids($"/usr/lib/postgresql/{Engine.Version}/bin/postgres")
            .Where(pid => Read(pid, "cmdline").Contains("-D\0", StringComparison.Ordinal))
            .ToHashSet();
        return servers.Single(pid => !servers.Contains(ParentOf(pid)));
    }

    /// <summary>MySQL's one process.</summary>
    public int MysqldPid() => Pids("/usr/sbin/mysqld").Single();

    public int AgentPid() =>
        Pids("")
            .Single(pid => Read(pid, "cmdline").EndsWith("\0serve\0", StringComparison.Ordinal));

    public int PatroniPid() =>
        Pids("")
            .Single(pid => Read(pid, "cmdline").Contains("patroni\0", StringComparison.Ordinal));

    /// <summary>Every process of the machine as the test's own process namespace numbers it.</summary>
    public IReadOnlyList<int> AllPids() => [.. Pids("")];

    /// <summary>Resident memory of a process in KiB.</summary>
    public static long ResidentKib(int pid) =>
        long.Parse(
            File.ReadLines($"/proc/{pid}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );

    /// <summary>Memory that only this process touched, in KiB: what it costs the machine.</summary>
    public static long PrivateKib(int pid) =>
        File.ReadLines($"/proc/{pid}/smaps_rollup")
            .Where(line =>
                line.StartsWith("Private_Dirty:", StringComparison.Ordinal)
                || line.StartsWith("Private_Clean:", StringComparison.Ordinal)
            )
            .Sum(line =>
                long.Parse(
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                    CultureInfo.InvariantCulture
                )
            );

    /// <summary>Server processes that serve a session of this database, as the test's own process namespace numbers them.</summary>
    public int BackendPid(string database) =>
        Pids("postgres: ")
            .Single(pid =>
                Read(pid, "cmdline").Contains($" dbaas_admin {database} ", StringComparison.Ordinal)
            );

    public static Task KillAsync(int pid) =>
        Shell.RunAsync("kill", "-9", pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sends a signal, by its name without SIG.</summary>
    public static Task SignalAsync(int pid, string signal) =>
        Shell.RunAsync("kill", $"-{signal}", pid.ToString(CultureInfo.InvariantCulture));

    public int ReaperPid() =>
        Pids("")
            .Single(pid => Read(pid, "cmdline").EndsWith("\0reaper\0", StringComparison.Ordinal));

    /// <summary>0 once it has ended.</summary>
    private static int ParentOf(int pid)
    {
        var line = Read(pid, "status")
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal), "PPid: 0");
        return int.Parse(line[5..], CultureInfo.InvariantCulture);
    }

    /// <summary>Empty once it has ended.</summary>
    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }

    // Processes whose root is this machine's; nobody else's are ever touched.
    private IEnumerable<int> Pids(string program)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(
                    Path.GetFileName(entry),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var pid
                )
                && Namespace(pid) is { } own
                && own == Namespace(MachineFirst())
                && (
                    program.Length == 0
                    || CommandLine(pid).StartsWith(program, StringComparison.Ordinal)
                )
                && CommandLine(pid).Length > 0
            )
            {
                yield return pid;
            }
        }
    }

    private int MachineFirst() =>
        int.Parse(
            File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Trim().Split(' ')[
                0
            ],
            CultureInfo.InvariantCulture
        );

    private static string? Namespace(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/pid").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return Read(pid, "cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
