using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Engines.Processes;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>The server process: started by the agent itself, found again by its lock file, never a pipe between the two.</summary>
internal sealed class Postmaster(MemberPaths paths, TimeProvider time)
{
    private static readonly TimeSpan RemainsLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(4);

    /// <summary>The server that runs on this data directory, or null. Whoever started it.</summary>
    public WatchedProcess? Find()
    {
        if (ReadLockFile() is not [var first, ..])
        {
            return null;
        }

        // A number left in the file may be another process's by now; the server works in its data directory, nobody else does.
        return
            int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ProcessTable.WorkingDirectory(pid) == paths.Data
            ? WatchedProcess.Attach(pid)
            : null;
    }

    /// <summary>Starts the server; it is not ready yet.</summary>
    public WatchedProcess Launch(string binaries, IReadOnlyList<string> arguments, int port)
    {
        RemoveRemains(port);
        var pid = new ProcessStart
        {
            Program = $"{binaries}/postgres",
            Arguments = arguments,
            OutputFile = paths.StartLog,
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = "/usr/bin:/bin",
                ["LC_ALL"] = "C.UTF-8",
                ["HOME"] = paths.TemporaryFolder,
                ["TMPDIR"] = paths.TemporaryFolder,
                // When memory runs out the kernel shall take the greedy backend and leave the postmaster, which then recovers.
                ["PG_OOM_ADJUST_FILE"] = "/proc/self/oom_score_adj",
                ["PG_OOM_ADJUST_VALUE"] = "500",
            },
        }.Start();
        return WatchedProcess.Attach(pid)
            ?? throw new MemberFailure(
                "engine.start_failed",
                "PostgreSQL ended before it could be watched."
            );
    }

    /// <summary>Waits until the server takes connections.</summary>
    /// <exception cref="MemberFailure">It ended, or did not get ready in time.</exception>
    public async Task WaitUntilReadyAsync(
        WatchedProcess process,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        while (true)
        {
            // Line 8 is the state (storage/pidfile: PM_STATUS_READY, "ready" padded), line 1 the process.
            if (
                ReadLockFile() is { Length: >= 8 } lines
                && lines[0] == process.Pid.ToString(CultureInfo.InvariantCulture)
                && lines[7].TrimEnd() is "ready" or "standby"
            )
            {
                return;
            }

            if (process.HasExited)
            {
                throw new MemberFailure("engine.start_failed", "PostgreSQL ended while starting.");
            }

            if (time.GetElapsedTime(started) > limit)
            {
                throw new MemberFailure(
                    "engine.start_timeout",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"PostgreSQL takes no connections after {limit.TotalSeconds:0} s; it may still be recovering."
                    )
                );
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    // Called only when no postmaster runs (Find looked). After one was killed, a busy backend can live on and keep the shared memory,
    // so that no new server may start; its work is lost already, as nothing it does can be committed any more. Lock files may
    // name a process number that somebody else has after the machine restarted, and the server would then refuse to start.
    public void RemoveRemains(int port)
    {
        var started = time.GetTimestamp();
        while (
            ProcessTable.WorkingIn(paths.Data) is { Count: > 0 } remains
            && time.GetElapsedTime(started) < RemainsLimit
        )
        {
            foreach (var pid in remains)
            {
                _ = Libc.Kill(pid, Libc.SigKill);
            }

            // Spinning would take the time that the dying processes need to leave.
            var nothing = new Libc.PollDescriptor { Descriptor = -1 };
            _ = Libc.Poll(ref nothing, 0, (int)Poll.TotalMilliseconds);
        }

        File.Delete(paths.PostmasterPidFile);
        File.Delete($"{paths.SocketFolder}/.s.PGSQL.{port}.lock");
        File.Delete($"{paths.SocketFolder}/.s.PGSQL.{port}");
    }

    private string[] ReadLockFile()
    {
        try
        {
            return File.ReadAllLines(paths.PostmasterPidFile);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
