using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Engines.Processes;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// Patroni beside a server that already runs: it adopts the postmaster, holds the cluster's lock and keeps it. When it dies it is
/// started again and the server notices nothing. While the agent itself stops and starts the server, Patroni is frozen, so that two
/// do not start one server in two ways (Patroni would first start it as a standby, which costs seconds).
/// </summary>
internal sealed class PatroniProcess(MemberPaths paths, MemberEnvironment environment)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);
    private readonly Lock _gate = new();
    private WatchedProcess? _process;
    private bool _wanted;

    /// <summary>Starts Patroni if it does not run, and keeps it running.</summary>
    public void Ensure()
    {
        lock (_gate)
        {
            _wanted = true;
            if (_process is not { HasExited: false })
            {
                Launch();
            }
        }
    }

    /// <summary>Takes back a Patroni that an earlier agent left; false when there is none.</summary>
    public bool Adopt()
    {
        lock (_gate)
        {
            if (
                !File.Exists(paths.PatroniPidFile)
                || !int.TryParse(
                    File.ReadAllText(paths.PatroniPidFile),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var pid
                )
                || !ProcessTable.Arguments(pid).Contains(paths.PatroniFile)
                || WatchedProcess.Attach(pid) is not { } process
            )
            {
                return false;
            }

            _wanted = true;
            // The earlier agent may have died while it was frozen.
            process.Signal(Libc.SigCont);
            Watch(process);
            return true;
        }
    }

    public void Freeze() => Signal(Libc.SigStop);

    public void Thaw() => Signal(Libc.SigCont);

    /// <summary>Makes Patroni read its local configuration again.</summary>
    public void Reload() => Signal(Libc.SigHup);

    /// <summary>
    /// Asks Patroni to leave in order: it stops the server (checkpoint, fast shutdown) and gives the leader lock back, so that a
    /// standby need not wait for a lease. False when it did not finish in time and was ended.
    /// </summary>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        WatchedProcess? process;
        lock (_gate)
        {
            _wanted = false;
            process = _process;
        }

        if (process is not { HasExited: false })
        {
            return true;
        }

        process.Signal(Libc.SigCont);
        process.Signal(Libc.SigTerm);
        if (await process.ExitsWithinAsync(StopLimit, environment.Time, cancellationToken))
        {
            return true;
        }

        process.Signal(Libc.SigKill);
        return false;
    }

    private void Signal(int signal)
    {
        lock (_gate)
        {
            _process?.Signal(signal);
        }
    }

    private void Launch()
    {
        var pid = new ProcessStart
        {
            Program = "/usr/bin/patroni",
            Arguments = [paths.PatroniFile],
            OutputFile = $"{paths.PatroniLogFolder}/start.log",
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = "/usr/bin:/bin",
                ["LC_ALL"] = "C.UTF-8",
                ["HOME"] = paths.TemporaryFolder,
                ["TMPDIR"] = paths.TemporaryFolder,
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            },
        }.Start();
        PrivateFile.Write(paths.PatroniPidFile, pid.ToString(CultureInfo.InvariantCulture));
        if (WatchedProcess.Attach(pid) is { } process)
        {
            Watch(process);
        }
    }

    private void Watch(WatchedProcess process)
    {
        _process = process;
        var started = environment.Time.GetTimestamp();
        _ = process.Exited.ContinueWith(
            _ => RestartLaterAsync(process, environment.Time.GetElapsedTime(started)),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    private async Task RestartLaterAsync(WatchedProcess process, TimeSpan lived)
    {
        // A Patroni that dies as soon as it starts (store unreachable, wrong configuration) is tried less and less often.
        var delay = lived > TimeSpan.FromMinutes(1) ? FirstDelay : Backoff();
        await Task.Delay(delay, environment.Time);
        lock (_gate)
        {
            if (_wanted && ReferenceEquals(_process, process))
            {
                environment.Log("Patroni ended and is started again; the engine keeps serving.");
                Launch();
            }
        }
    }

    private TimeSpan _delay = FirstDelay;

    private TimeSpan Backoff()
    {
        var delay = _delay;
        _delay = _delay * 2 < LongestDelay ? _delay * 2 : LongestDelay;
        return delay;
    }
}
