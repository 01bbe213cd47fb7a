using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>MySQL inside one machine. Changes are serial; health and log answer at any time.</summary>
internal sealed partial class MySqlMember : IEngineMember
{
    private readonly MemberEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly MySqlEngine _engine;
    private readonly MemberPaths _paths;
    private readonly MemberState _state;
    private readonly MemberFiles _files;
    private readonly Server _server;
    private readonly EngineLogTail _log;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private MemberSpec? _spec;
    private volatile string _phase;
    private readonly MemberTroubles _troubles;
    private readonly VolumeWatch _watch;
    private readonly DiskGuard _disk;

    public MySqlMember(MemberEnvironment environment, MySqlEngine engine)
    {
        _environment = environment;
        _engine = engine;
        _time = environment.Time;
        _paths = new MemberPaths(environment.VolumeRoot, environment.RunRoot);
        _state = new MemberState(_paths.SpecFile, _paths.DesiredFile);
        _files = new MemberFiles(_paths);
        _server = new Server(_paths, _files, _time);
        _log = new EngineLogTail(_paths.LogFolder);
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

                var settings = OptionFile.Of(spec, _paths);
                _state.Desire(running: true);
                var flushed = Task.CompletedTask;
                var fallen = "";
                // An agent that was killed in a start leaves a server behind; its data directory must not be made again below it.
                if (!_server.Runs && !await _server.AdoptAsync(cancellationToken))
                {
                    flushed = await PrepareAsync(clock, cancellationToken);
                    _files.WriteCertificates(spec);
                    clock.End("settings");
                    fallen = await StartServerAsync(spec, settings, clock, cancellationToken);
                }
                else if (!File.Exists(_paths.Durable))
                {
                    flushed = TemplateCopy.FlushAsync(_paths.VolumeRoot);
                }

                WatchServer();
                await _server.Group!.StartAsync(spec, cancellationToken);
                clock.End("group");
                result = await ConvergeAsync(
                    spec,
                    fallen.Length == 0 ? settings : null,
                    clock,
                    result,
                    cancellationToken
                );
                await flushed;
                clock.End("flush");
                PrivateFile.Write(_paths.Durable, "");
                return Settle(spec, result, fallen);
            },
            cancellationToken
        );

    public Task<ApplyResult> ApplyAsync(MemberSpec spec, CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                Accept(spec);
                RequireRunning();
                await _server.Group!.StartAsync(spec, cancellationToken);
                var settings = OptionFile.Of(spec, _paths);
                result = await ConvergeAsync(spec, settings, clock, result, cancellationToken);
                return Settle(spec, result, "");
            },
            cancellationToken
        );

    public Task<ApplyResult> RestartAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                RequireRunning();
                var spec = _spec!;
                _phase = "starting";
                var down = _time.GetTimestamp();
                await _server.StopAsync(cancellationToken);
                clock.End("stop");
                var settings = OptionFile.Of(spec, _paths);
                var fallen = await StartServerAsync(spec, settings, clock, cancellationToken);
                WatchServer();
                await _server.Group!.StartAsync(spec, cancellationToken);
                clock.End("group");
                result = result with
                {
                    WriteOutageSeconds = _time.GetElapsedTime(down).TotalSeconds,
                };
                return Settle(spec, result, fallen);
            },
            cancellationToken
        );

    public Task<ApplyResult> StopAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                _state.Desire(running: false);
                _phase = "stopping";
                var down = _time.GetTimestamp();
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
            if (await _server.AdoptAsync(cancellationToken))
            {
                _environment.Log("Adopted the running engine.");
            }
            else if (desired)
            {
                // Agent and server died together; a machine that restarted waits for its host instead.
                await _server.StartAsync(
                    spec,
                    OptionFile.Of(spec, _paths),
                    new PhaseClock(_time),
                    cancellationToken
                );
                _environment.Log("Started the engine again after the agent was gone.");
            }
            else
            {
                return;
            }

            WatchServer();
            await _server.Group!.StartAsync(spec, cancellationToken);
            _phase = "running";
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            _phase = "failed";
            var message = _log.Clean(failure.Message);
            _troubles.Note(AgentFailures.Failed, message);
            _environment.Log($"The engine cannot be taken back: {message}");
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

    private void RequireRunning()
    {
        if (!_server.Runs || _spec is null)
        {
            throw new MemberFailure(
                "engine.not_running",
                "The engine does not run; start it first."
            );
        }
    }

    private void Hide(MemberSpec spec) =>
        _log.Hide([
            spec.Secrets.AdminPassword,
            spec.Secrets.SuperuserPassword,
            spec.Secrets.ReplicationPassword,
            spec.Secrets.RestPassword,
            spec.Store.Password,
        ]);

    /// <summary>The specification is in force: remember it.</summary>
    private ApplyResult Settle(MemberSpec spec, ApplyResult result, string fallen)
    {
        _phase = "running";
        _troubles.Note(AgentFailures.Failed, fallen);
        if (result.Succeeded)
        {
            _spec = spec;
            _state.Save(spec);
        }

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
