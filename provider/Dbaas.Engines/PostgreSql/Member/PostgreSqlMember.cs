using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>PostgreSQL inside one machine. Changes are serial; health and log answer at any time.</summary>
internal sealed partial class PostgreSqlMember : IEngineMember
{
    private readonly MemberEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly PostgreSqlEngine _engine;
    private readonly MemberPaths _paths;
    private readonly MemberState _state;
    private readonly MemberFiles _files;
    private readonly Server _server;
    private readonly DiskGuard _disk;
    private readonly PatroniProcess _patroni;
    private readonly PatroniUpkeep _upkeep;
    private readonly EngineLogTail _log;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private MemberSpec? _spec;
    private volatile string _phase;
    private readonly MemberTroubles _troubles;
    private readonly VolumeWatch _watch;

    public PostgreSqlMember(MemberEnvironment environment, PostgreSqlEngine engine)
    {
        _environment = environment;
        _engine = engine;
        _time = environment.Time;
        _paths = new MemberPaths(environment.VolumeRoot, environment.RunRoot);
        _state = new MemberState(_paths.SpecFile, _paths.DesiredFile);
        _files = new MemberFiles(_paths);
        _disk = new DiskGuard(_paths.VolumeRoot, _paths.BallastFile, FullVolume, _time);
        var storage = new StorageProbe(_paths.VolumeRoot, _time);
        _troubles = new MemberTroubles(_disk, storage, _time);
        _watch = new VolumeWatch(_disk, storage, environment)
        {
            Serves = () => _phase == "running",
            TellServerAsync = TellServerAsync,
            IsExpected = IsOfTheOutsideWorld,
            FullVolume = FullVolume,
        };
        _server = new Server(_paths, _files, _time);
        _patroni = new PatroniProcess(_paths, environment);
        _upkeep = new PatroniUpkeep(_time);
        _log = new EngineLogTail(_paths.LogFolder);
        _phase = File.Exists(_paths.Durable) ? "stopped" : "absent";
    }

    public Task<ApplyResult> StartAsync(MemberSpec spec, CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                Accept(spec);
                if (!_server.Runs)
                {
                    _phase = "starting";
                }

                _disk.Look(); // it may have grown while the machine was stopped
                var settings = Settings(spec);
                _state.Desire(running: true);
                var flushed = Task.CompletedTask;
                var fallen = "";
                // An agent that was killed in a start leaves a server behind; its data directory must not be made again below it.
                if (!_server.Runs && !await _server.AdoptAsync(spec.Port, cancellationToken))
                {
                    var fresh = Prepare(spec.Port, clock, cancellationToken);
                    _files.Write(spec, settings, flush: !fresh);
                    clock.End("settings");
                    // The flush goes on while the server starts; the answer waits for it.
                    flushed = fresh
                        ? TemplateCopy.FlushAsync(_paths.VolumeRoot)
                        : Task.CompletedTask;
                    fallen = await StartServerAsync(spec, settings, clock, cancellationToken);
                }
                else if (!File.Exists(_paths.Durable))
                {
                    flushed = TemplateCopy.FlushAsync(_paths.VolumeRoot);
                }

                WatchServer();
                result = await ConvergeAsync(spec, settings, clock, result, cancellationToken);
                await flushed;
                clock.End("flush");
                PrivateFile.Write(_paths.Durable, "");
                return Settle(spec, settings, result, fallen);
            },
            cancellationToken
        );

    public Task<ApplyResult> ApplyAsync(MemberSpec spec, CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                Accept(spec);
                RequireRunning();
                var settings = Settings(spec);
                result = await ConvergeAsync(spec, settings, clock, result, cancellationToken);
                return Settle(spec, settings, result, "");
            },
            cancellationToken
        );

    public Task<ApplyResult> RestartAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                RequireRunning();
                var spec = _spec!;
                var settings = Settings(spec);
                await _server.CheckpointAsync(cancellationToken);
                clock.End("checkpoint");
                _phase = "starting";
                _patroni.Freeze();
                try
                {
                    var down = _time.GetTimestamp();
                    await _server.StopAsync(cancellationToken);
                    clock.End("stop");
                    var fallen = await StartServerAsync(spec, settings, clock, cancellationToken);
                    WatchServer();
                    await WaitUntilWritableAsync(cancellationToken);
                    result = result with
                    {
                        WriteOutageSeconds = _time.GetElapsedTime(down).TotalSeconds,
                    };
                    return Settle(spec, settings, result, fallen);
                }
                finally
                {
                    _patroni.Thaw();
                }
            },
            cancellationToken
        );

    public Task<ApplyResult> StopAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                _state.Desire(running: false);
                _phase = "stopping";
                await _server.CheckpointAsync(cancellationToken);
                clock.End("checkpoint");
                _upkeep.Stop();
                var down = _time.GetTimestamp();
                await _patroni.StopAsync(cancellationToken);
                clock.End("patroni");
                await _server.StopAsync(cancellationToken);
                clock.End("stop");
                _phase = File.Exists(_paths.Durable) ? "stopped" : "absent";
                _troubles.Clear();
                return result with { WriteOutageSeconds = _time.GetElapsedTime(down).TotalSeconds };
            },
            cancellationToken
        );

    public async Task AdoptAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(_paths.Durable) || _state.Load() is not { } spec)
            {
                return;
            }

            _spec = spec;
            Hide(spec);
            var desired = _state.Desired;
            var settings = Settings(spec);
            var frozen = _patroni.Adopt();
            if (await _server.AdoptAsync(spec.Port, cancellationToken))
            {
                _environment.Log("Adopted the running engine.");
            }
            else if (desired)
            {
                // Agent and server died together; a machine that restarted waits for its host instead.
                if (frozen)
                {
                    _patroni.Freeze();
                }

                await _server.StartAsync(spec, settings, new PhaseClock(_time), cancellationToken);
                _patroni.Thaw();
                _environment.Log("Started the engine again after the agent was gone.");
            }
            else
            {
                return;
            }

            _phase = "running";
            WatchServer();
            _patroni.Ensure();
            _upkeep.Follow(spec, settings);
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            _phase = "failed";
            _troubles.Note(AgentFailures.Failed, _log.Clean(failure.Message));
            _environment.Log($"The engine cannot be taken back: {failure.Message}");
            _ = RecoverAsync(_server.Process, TimeSpan.Zero);
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task<EngineLog> LogAsync(int lines, CancellationToken cancellationToken) =>
        Task.FromResult(new EngineLog { Lines = _log.Last(lines) });

    public Task<EngineMetrics> MetricsAsync(CancellationToken cancellationToken) =>
        MetricsProbe.ReadAsync(
            _phase == "running" ? _server.Session : null,
            _paths,
            cancellationToken
        );

    /// <summary>Runs one change; a failure becomes an answer in words with the server's own last lines.</summary>
    private async Task<ApplyResult> ChangeAsync(
        Func<PhaseClock, ApplyResult, Task<ApplyResult>> change,
        CancellationToken cancellationToken
    )
    {
        await _gate.WaitAsync(cancellationToken);
        var clock = new PhaseClock(_time);
        var phase = _phase;
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
            _gate.Release();
        }
    }

    private void Accept(MemberSpec spec)
    {
        _spec ??= File.Exists(_paths.Durable) ? _state.Load() : null;
        Hide(spec);
        if (_spec is { } applied && spec.Generation < applied.Generation)
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

    /// <summary>The specification is in force: remember it, and let Patroni know.</summary>
    private ApplyResult Settle(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        ApplyResult result,
        string fallen
    )
    {
        _phase = "running";
        _troubles.Note(AgentFailures.Failed, fallen);
        if (result.Succeeded)
        {
            _spec = spec;
            _state.Save(spec);
        }

        _patroni.Ensure();
        _upkeep.Follow(spec, settings);
        return fallen.Length == 0
            ? result
            : result with
            {
                Succeeded = false,
                Code = "engine.settings_rolled_back",
                Message = fallen,
                LogLines = _log.Last(30),
            };
    }
}
