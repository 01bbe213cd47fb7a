using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Members;

/// <summary>
/// What the member of every engine does alike: one change at a time, a failure told in words with the server's own last lines, a server
/// that ends without being asked started again, the volume watched. An engine says how its server is prepared, asked and told.
/// Health and log answer at any time.
/// </summary>
internal abstract partial class EngineMember : IEngineMember
{
    private const int Lines = 30;
    private readonly MemberEnvironment _environment;
    private readonly MemberFolders _folders;
    private readonly SavedSettings _proven;
    private readonly VolumeWatch _watch;
    private volatile string _phase;

    /// <param name="environment">The machine.</param>
    /// <param name="folders">Where everything lies.</param>
    /// <param name="fullVolume">What the instance says while its volume is nearly full, with what to do.</param>
    protected EngineMember(MemberEnvironment environment, MemberFolders folders, string fullVolume)
    {
        _environment = environment;
        _folders = folders;
        Time = environment.Time;
        State = new MemberState(folders.SpecFile, folders.DesiredFile);
        Log = new EngineLogTail(folders.LogFolder);
        Disk = new DiskGuard(folders.VolumeRoot, folders.BallastFile, fullVolume, Time);
        _proven = new SavedSettings(folders.ProvenSettingsFile);
        var storage = new StorageProbe(folders.VolumeRoot, Time);
        Troubles = new MemberTroubles(Disk, storage, Time);
        _watch = new VolumeWatch(Disk, storage, environment)
        {
            Serves = () => Phase == "running",
            TellServerAsync = TellServerAsync,
            TrimLogsAsync = TrimLogsAsync,
            IsExpected = IsOfTheOutsideWorld,
            FullVolume = fullVolume,
        };
        _phase = AtRest;
    }

    protected TimeProvider Time { get; }
    protected MemberState State { get; }
    protected EngineLogTail Log { get; }
    protected MemberTroubles Troubles { get; }
    protected DiskGuard Disk { get; }

    /// <summary>Held by whoever changes the server or the files.</summary>
    protected SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The last specification that was applied in full; null when none was.</summary>
    protected MemberSpec? Spec { get; private set; }

    /// <summary>absent, stopped, starting, running, stopping or failed.</summary>
    protected string Phase
    {
        get => _phase;
        set => _phase = value;
    }

    /// <summary>The phase of a member whose server is not wanted.</summary>
    protected string AtRest => File.Exists(_folders.Durable) ? "stopped" : "absent";

    protected abstract IMemberServer Server { get; }

    /// <summary>What the server's log says when it fails, and what to do then.</summary>
    protected abstract FailureWords Words { get; }

    public abstract Task<ApplyResult> StartAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    );

    public abstract Task<ApplyResult> ApplyAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    );

    public abstract Task<ApplyResult> RestartAsync(CancellationToken cancellationToken);

    public abstract Task<ApplyResult> StopAsync(CancellationToken cancellationToken);

    public abstract Task<EngineMetrics> MetricsAsync(CancellationToken cancellationToken);

    public Task<EngineLog> LogAsync(int lines, CancellationToken cancellationToken) =>
        Task.FromResult(new EngineLog { Lines = Log.Last(lines) });

    /// <summary>Whether the failure is one of asking the server, as its client library throws it.</summary>
    protected abstract bool IsOfTheServer(Exception failure);

    /// <summary>Whether that failure means that the server or its sessions ended, whatever was asked.</summary>
    protected abstract bool IsCutOff(Exception failure);

    protected void Report(string message) => _environment.Log(message);

    /// <summary>Runs one change; a failure becomes an answer in words with the server's own last lines.</summary>
    protected async Task<ApplyResult> ChangeAsync(
        Func<PhaseClock, ApplyResult, Task<ApplyResult>> change,
        CancellationToken cancellationToken
    )
    {
        await Gate.WaitAsync(cancellationToken);
        var clock = new PhaseClock(Time);
        var phase = Phase;
        try
        {
            var result = await change(
                clock,
                new ApplyResult { Succeeded = true, Health = Snapshot() }
            );
            return result with
            {
                Health = await ProbeAsync(cancellationToken),
                PhaseMilliseconds = clock.Milliseconds,
            };
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            return Failed(failure, phase, clock);
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <exception cref="MemberFailure">A newer specification was applied already.</exception>
    protected void Accept(MemberSpec spec)
    {
        Spec ??= File.Exists(_folders.Durable) ? State.Load() : null;
        Hide(spec);
        if (Spec is { } applied && spec.Generation < applied.Generation)
        {
            throw new MemberFailure(
                "agent.stale_generation",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Generation {spec.Generation} is older than {applied.Generation}, which was applied already."
                )
            );
        }
    }

    /// <returns>The specification it runs with.</returns>
    /// <exception cref="MemberFailure">It does not run, or ended a moment ago.</exception>
    protected MemberSpec RequireRunning() =>
        Server.Runs && Spec is { } spec ? spec
        : State.Desired && Phase == "running"
            ? throw new MemberFailure(
                AgentFailures.Interrupted,
                "The engine ended a moment ago and is being started again."
            )
        : throw new MemberFailure("engine.not_running", "The engine does not run; start it first.");

    /// <summary>The specification is in force: remember it.</summary>
    /// <param name="spec">What is.</param>
    /// <param name="result">What was done.</param>
    /// <param name="fallen">What <see cref="StartServerAsync"/> returned.</param>
    protected ApplyResult Settle(MemberSpec spec, ApplyResult result, string fallen)
    {
        Phase = "running";
        Troubles.Note(AgentFailures.Failed, fallen);
        if (result.Succeeded)
        {
            Spec = spec;
            State.Save(spec);
        }

        return fallen.Length == 0
            ? result
            : result with
            {
                Succeeded = false,
                Code = "engine.settings_rolled_back",
                Message = fallen,
                LogLines = Log.Last(Lines),
            };
    }

    /// <summary>
    /// Starts the server; when it refuses the settings and an earlier set is known to work, that one is used instead. Returns
    /// what went wrong then, or nothing. <see cref="Guarded"/> is added here.
    /// </summary>
    protected async Task<string> StartServerAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        PhaseClock clock,
        CancellationToken cancellationToken
    )
    {
        if (Disk.MakeRoom())
        {
            Report("The volume is full; the room held back is given to the server's start.");
        }

        try
        {
            await Server.StartAsync(spec, Guarded(settings), clock, cancellationToken);
            _proven.Save(settings);
            return "";
        }
        catch (MemberFailure failure) when (failure.Code == "engine.start_failed")
        {
            if (_proven.Load() is not { } proven || Same(proven, settings))
            {
                throw;
            }

            var reason = Words.Explain(Log.Last(Lines))?.Advice ?? failure.Message;
            await Server.StartAsync(spec, Guarded(proven), clock, cancellationToken);
            return $"The engine did not start with the new settings and runs with the previous ones again. {reason}";
        }
    }

    // Server, disk and files can fail in these ways; anything else is a bug and must not be dressed up as their failure.
    protected bool IsOfTheOutsideWorld(Exception failure) =>
        failure
            is MemberFailure
                or IOException
                or InvalidDataException
                or UnauthorizedAccessException
                or JsonException
                or Win32Exception
        || IsOfTheServer(failure);

    private ApplyResult Failed(Exception failure, string phase, PhaseClock clock)
    {
        var code =
            (failure as MemberFailure)?.Code
            ?? (IsCutOff(failure) ? AgentFailures.Interrupted : AgentFailures.Failed);
        var lines = Log.Last(Lines);
        var explained = code == "engine.start_failed" ? Words.Explain(lines) : null;
        var message = Log.Clean(
            explained is { } reason ? $"{failure.Message} {reason.Advice}" : failure.Message
        );
        var refused = code is "agent.stale_generation" or "engine.not_running";
        // What ended the server is told by whoever brings it back.
        var interrupted = code == AgentFailures.Interrupted;
        if (!refused && !interrupted)
        {
            // Before the phase: whoever reads that it failed reads why.
            Troubles.Note(explained?.Code ?? code, message);
            Report($"{code}: {message}");
        }

        Phase =
            Server.Runs ? "running"
            : refused || interrupted && phase == "running" ? phase
            : "failed";

        // A data directory that nobody was told of is the caller's to start again; any other comes back by itself.
        if (!refused && !Server.Runs && File.Exists(_folders.Durable))
        {
            _ = RecoverAsync(Server.Process, TimeSpan.Zero);
        }

        return new ApplyResult
        {
            Succeeded = false,
            Health = Snapshot(),
            Code = explained?.Code ?? code,
            Message = message,
            LogLines = refused ? [] : lines,
            PhaseMilliseconds = clock.Milliseconds,
        };
    }

    private void Hide(MemberSpec spec) =>
        Log.Hide([
            spec.Secrets.AdminPassword,
            spec.Secrets.SuperuserPassword,
            spec.Secrets.ReplicationPassword,
            spec.Secrets.RestPassword,
            spec.Store.Password,
        ]);

    private static bool Same(
        Dictionary<string, string> left,
        IReadOnlyDictionary<string, string> right
    ) =>
        left.Count == right.Count
        && left.All(pair => right.GetValueOrDefault(pair.Key) == pair.Value);
}
