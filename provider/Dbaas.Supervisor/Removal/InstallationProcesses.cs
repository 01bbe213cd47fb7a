using System.Globalization;
using Dbaas.Supervisor.Native;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Removal;

/// <summary>
/// Every process that belongs to an installation, found without any record of it: by its cgroup, or because its program, its root or its
/// working folder lies below the installation's root. Such a process keeps mounts and cgroups busy, so that nothing could be removed.
/// </summary>
internal sealed class InstallationProcesses(
    string root,
    InstallationCgroups cgroups,
    TimeProvider time
)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Those alive now. We and whoever called us never count, wherever the caller's shell happens to stand.</summary>
    public IReadOnlyList<int> Find()
    {
        var callers = Callers();
        var inside = cgroups.Processes();
        return
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder =>
                    int.TryParse(
                        Path.GetFileName(folder),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var pid
                    )
                        ? pid
                        : 0
                )
                .Where(pid =>
                    pid > 1
                    && !callers.Contains(pid)
                    && (inside.Contains(pid) || IsBelow(pid, "exe", "root", "cwd"))
                    && LiveProcess.StartTicks(pid) is not null
                ),
        ];
    }

    /// <summary>Kills until none is left: a process may start another between the look and the signal.</summary>
    /// <exception cref="SupervisorException">Some do not die; the message names them.</exception>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (Find() is { Count: > 0 } processes)
        {
            if (time.GetElapsedTime(began) > s_deadline)
            {
                throw new SupervisorException(
                    $"Nothing was removed: {string.Join(", ", processes.Select(Describe))} did not end within "
                        + $"{s_deadline.TotalSeconds:0} s of SIGKILL. What holds them is in the kernel; clean again once it lets go."
                );
            }

            cgroups.Thaw();
            foreach (var pid in processes)
            {
                Libc.Signal(pid, Libc.Kill);
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    private static HashSet<int> Callers()
    {
        var callers = new HashSet<int>();
        for (var pid = Environment.ProcessId; pid > 1 && callers.Add(pid); )
        {
            pid = LiveProcess.Parent(pid) ?? 0;
        }

        return callers;
    }

    private bool IsBelow(int pid, params ReadOnlySpan<string> links)
    {
        foreach (var link in links)
        {
            if (Target($"/proc/{pid}/{link}") is { } target && IsBelow(target))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsBelow(string path) =>
        path == root || path.StartsWith(root + "/", StringComparison.Ordinal);

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // it ended while we looked, or is none of ours
        }
    }

    private static string Describe(int pid)
    {
        try
        {
            return $"{pid} ({File.ReadAllText($"/proc/{pid}/comm").Trim()})";
        }
        catch (IOException)
        {
            return $"{pid}";
        }
    }
}
