using System.Buffers.Binary;
using Dbaas.Engines.Members;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;
using Npgsql;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Starts and stops the server of one data directory and holds the session with it. One caller at a time.</summary>
internal sealed class Server(MemberPaths paths, MemberFiles files, TimeProvider time)
    : IMemberServer
{
    // Crash recovery of a busy server replays up to max_wal_size; the caller's own deadline may be shorter.
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FastLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ImmediateLimit = TimeSpan.FromSeconds(10);
    private const int CheckpointSeconds = 30;

    // Control file: identifier, two versions, then the state (catalog/pg_control.h); 1 and 2 are the two kinds of clean shutdown.
    private const int StateOffset = 16;
    private readonly Postmaster _postmaster = new(paths, time);

    public WatchedProcess? Process { get; private set; }
    public LocalSession? Session { get; private set; }
    public bool Runs => Process is { HasExited: false };

    /// <summary>Takes back a server that runs already; false when none does.</summary>
    public async Task<bool> AdoptAsync(int port, CancellationToken cancellationToken)
    {
        if (_postmaster.Find() is not { } process)
        {
            return false;
        }

        await _postmaster.WaitUntilReadyAsync(process, ReadyLimit, cancellationToken);
        await HoldAsync(process, port);
        return true;
    }

    /// <summary>Ends what a server without a postmaster, or one whose lock file is not written yet, left behind.</summary>
    public void RemoveRemains(int port) => _postmaster.RemoveRemains(port);

    /// <summary>Starts with these settings and waits until connections are taken.</summary>
    public async Task StartAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        PhaseClock clock,
        CancellationToken cancellationToken
    )
    {
        PrivateFile.Write(paths.SettingsFile, ServerSettings.File(settings));
        // Written before every start: the file that Patroni wrote may hold shared settings of an older specification.
        PrivateFile.Write($"{paths.Data}/postgresql.conf", ServerSettings.Including(paths));
        var process = _postmaster.Launch(
            MemberPaths.Binaries(spec.EngineVersion.Split('.')[0]),
            ServerSettings.CommandLine(settings, paths),
            spec.Port
        );
        clock.End("launch");
        await _postmaster.WaitUntilReadyAsync(process, ReadyLimit, cancellationToken);
        files.OfServer.WereRead();
        clock.End("ready");
        await HoldAsync(process, spec.Port);
    }

    /// <summary>Stops fast (sessions are ended, a last checkpoint is written); harder when that takes too long.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Process is { } process)
        {
            await process.EndAsync(
                time,
                cancellationToken,
                (Libc.SigInt, FastLimit),
                (Libc.SigQuit, ImmediateLimit),
                (Libc.SigKill, ImmediateLimit)
            );
        }

        await DropSessionAsync();
    }

    /// <summary>
    /// A checkpoint before a stop does the writing while clients are still served. One that fails or takes too long stops nobody: the
    /// server goes on with it, and its stop waits for what is left.
    /// </summary>
    public async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        if (!Runs || Session is not { } session)
        {
            return;
        }

        try
        {
            await session.ExecuteAsync("CHECKPOINT", cancellationToken, CheckpointSeconds);
        }
        catch (NpgsqlException)
        {
            // It only shortens the outage.
        }
    }

    /// <summary>Whether the server went down in order, so that somebody must have asked for it; a crash leaves "in production".</summary>
    public bool WasShutDown()
    {
        try
        {
            var control = File.ReadAllBytes(paths.ControlFile);
            return BinaryPrimitives.ReadUInt32LittleEndian(control.AsSpan(StateOffset)) is 1 or 2;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async Task DropSessionAsync()
    {
        if (Session is { } session)
        {
            Session = null;
            await session.DisposeAsync();
        }
    }

    private async Task HoldAsync(WatchedProcess process, int port)
    {
        await DropSessionAsync();
        Session = new LocalSession(paths, port);
        Process = process;
    }
}
