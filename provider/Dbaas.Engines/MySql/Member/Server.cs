using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>Starts and stops the server of one data directory and holds the session with it. One caller at a time.</summary>
internal sealed class Server(MemberPaths paths, MemberFiles files, TimeProvider time)
    : IMemberServer
{
    // Crash recovery of a busy server replays up to the whole redo log; the caller's own deadline may be shorter.
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    public WatchedProcess? Process { get; private set; }
    public LocalSession? Session { get; private set; }
    public GroupReplication? Group { get; private set; }
    public bool Runs => Process is { HasExited: false };

    /// <summary>Takes back a server that runs already; false when none does.</summary>
    public async Task<bool> AdoptAsync(CancellationToken cancellationToken)
    {
        if (
            Find().Select(WatchedProcess.Attach).FirstOrDefault(found => found is not null)
            is not { } process
        )
        {
            return false;
        }

        await HoldAsync(process, await WaitUntilReadyAsync(process, cancellationToken));
        return true;
    }

    /// <summary>Starts with these settings and waits until connections are taken; writes come with the group.</summary>
    public async Task StartAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        PhaseClock clock,
        CancellationToken cancellationToken
    )
    {
        await RemoveRemainsAsync(cancellationToken);
        files.WriteOptions(settings);
        files.Live.Save(settings);
        PrivateFile.Write(paths.InitFile, Accounts.Initialise(spec.Secrets, Environment.UserName));
        var pid = new ProcessStart
        {
            Program = MemberPaths.Program,
            Arguments = [$"--defaults-file={paths.OptionFile}"],
            OutputFile = paths.StartLog,
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = "/usr/bin:/bin",
                ["LC_ALL"] = "C.UTF-8",
                ["HOME"] = paths.TemporaryFolder,
                ["TMPDIR"] = paths.TemporaryFolder,
                ["TZ"] = "UTC",
            },
        }.Start();
        var process =
            WatchedProcess.Attach(pid)
            ?? throw new MemberFailure(
                "engine.start_failed",
                "MySQL ended before it could be watched."
            );
        clock.End("launch");
        await HoldAsync(process, await WaitUntilReadyAsync(process, cancellationToken));
        files.Certificates.WereRead();
        clock.End("ready");
    }

    /// <summary>Stops in order (sessions are ended, the buffer pool's changes written as needed); harder when that takes too long.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Group is { } group)
        {
            // A start under way would answer the stop with an error and leave the bootstrap mark set.
            await group.Started;
        }

        if (Runs && Session is { } session)
        {
            await WriteStop.EndAsync(session, cancellationToken);
        }

        await EndAsync(cancellationToken, (Libc.SigTerm, StopLimit), (Libc.SigKill, KillLimit));
    }

    /// <summary>
    /// Ends the server so that the next one serves soon (ADR 0097): writes end, and it is killed. Everything acknowledged is on disk, and
    /// <see cref="RestartPreparation"/> has left its recovery next to nothing to do.
    /// </summary>
    public async Task EndForRestartAsync(CancellationToken cancellationToken)
    {
        if (Runs && Session is { } session)
        {
            await WriteStop.EndAsync(session, cancellationToken);
        }

        await EndAsync(cancellationToken, (Libc.SigKill, KillLimit));
    }

    /// <summary>Ends servers that nobody holds; a new one could not lock the data files beside them.</summary>
    public async Task RemoveRemainsAsync(CancellationToken cancellationToken)
    {
        foreach (var pid in Find())
        {
            if (WatchedProcess.Attach(pid) is { } remains)
            {
                remains.Signal(Libc.SigKill);
                await remains.ExitsWithinAsync(KillLimit, time, cancellationToken);
            }
        }

        File.Delete(paths.Socket);
        File.Delete($"{paths.Socket}.lock");
        File.Delete(paths.PidFile);
    }

    private IEnumerable<int> Find() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name =>
                int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            )
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(pid =>
                ProcessTable.Arguments(pid) is [MemberPaths.Program, var options, ..]
                && options == $"--defaults-file={paths.OptionFile}"
            );

    private async Task<LocalSession> WaitUntilReadyAsync(
        WatchedProcess process,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (process.HasExited)
            {
                throw new MemberFailure("engine.start_failed", "MySQL ended while starting.");
            }

            // Its process id is written as the last thing before connections are taken.
            if (
                File.Exists(paths.PidFile)
                && File.Exists(paths.Socket)
                && await TryOpenAsync(cancellationToken) is { } session
            )
            {
                return session;
            }

            if (time.GetElapsedTime(started) > ReadyLimit)
            {
                throw new MemberFailure(
                    "engine.start_timeout",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"MySQL takes no connections after {ReadyLimit.TotalSeconds:0} s; it may still be recovering."
                    )
                );
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private async Task<LocalSession?> TryOpenAsync(CancellationToken cancellationToken)
    {
        LocalSession? session = null;
        try
        {
            session = new LocalSession(paths);
            await session.ExecuteAsync("DO 1", cancellationToken);
            return session;
        }
        catch (MySqlException failure)
            when (failure.ErrorCode
                    is MySqlErrorCode.None
                        or MySqlErrorCode.UnableToConnectToHost
                        or MySqlErrorCode.ServerShutdown
            )
        {
            // Not listening yet, or ended a moment ago; the process says which.
            if (session is not null)
            {
                await session.DisposeAsync();
            }

            return null;
        }
    }

    private async Task EndAsync(
        CancellationToken cancellationToken,
        params IEnumerable<(int Signal, TimeSpan Limit)> signals
    )
    {
        if (Process is { } process)
        {
            await process.EndAsync(time, cancellationToken, signals);
        }

        await DropSessionAsync();
    }

    private async Task DropSessionAsync()
    {
        if (Session is { } session)
        {
            Session = null;
            Group = null;
            await session.DisposeAsync();
        }
    }

    private async Task HoldAsync(WatchedProcess process, LocalSession session)
    {
        await DropSessionAsync();
        Session = session;
        Group = new GroupReplication(session, time);
        Process = process;
    }
}
