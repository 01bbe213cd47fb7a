using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>PostgreSQL inside one machine.</summary>
internal sealed partial class PostgreSqlMember : EngineMember
{
    private readonly PostgreSqlEngine _engine;
    private readonly MemberPaths _paths;
    private readonly MemberFiles _files;
    private readonly Server _server;
    private readonly PatroniProcess _patroni;
    private readonly PatroniUpkeep _upkeep;

    public PostgreSqlMember(MemberEnvironment environment, PostgreSqlEngine engine)
        : this(environment, engine, new MemberPaths(environment.VolumeRoot, environment.RunRoot))
    { }

    private PostgreSqlMember(
        MemberEnvironment environment,
        PostgreSqlEngine engine,
        MemberPaths paths
    )
        : base(environment, paths, FullVolume)
    {
        _engine = engine;
        _paths = paths;
        _files = new MemberFiles(paths);
        _server = new Server(paths, _files, Time);
        _patroni = new PatroniProcess(paths, environment);
        _upkeep = new PatroniUpkeep(Time);
    }

    protected override IMemberServer Server => _server;

    protected override FailureWords Words => KnownFailures.Words;

    public override Task<ApplyResult> StartAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            async (clock, result) =>
            {
                Accept(spec);
                if (!_server.Runs)
                {
                    Phase = "starting";
                }

                Disk.Look(); // it may have grown while the machine was stopped
                var settings = Settings(spec);
                State.Desire(running: true);
                var flushed = Task.CompletedTask;
                var fallen = "";
                // An agent that was killed in a start leaves a server behind; its data directory must not be made again below it.
                if (!_server.Runs && !await _server.AdoptAsync(spec.Port, cancellationToken))
                {
                    var fresh = Prepare(spec.Port, clock, cancellationToken);
                    _files.Write(spec, Guarded(settings), flush: !fresh);
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
                result = await ConvergeAsync(
                    spec,
                    settings,
                    fellBack: fallen.Length > 0,
                    clock,
                    result,
                    cancellationToken
                );
                await flushed;
                clock.End("flush");
                PrivateFile.Write(_paths.Durable, "");
                return Settle(spec, settings, result, fallen);
            },
            cancellationToken
        );

    public override Task<ApplyResult> ApplyAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            async (clock, result) =>
            {
                Accept(spec);
                RequireRunning();
                var settings = Settings(spec);
                result = await ConvergeAsync(
                    spec,
                    settings,
                    fellBack: false,
                    clock,
                    result,
                    cancellationToken
                );
                return Settle(spec, settings, result, "");
            },
            cancellationToken
        );

    public override Task<ApplyResult> RestartAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                var spec = RequireRunning();
                var settings = Settings(spec);
                await _server.CheckpointAsync(cancellationToken);
                clock.End("checkpoint");
                Phase = "starting";
                _patroni.Freeze();
                try
                {
                    var down = Time.GetTimestamp();
                    await _server.StopAsync(cancellationToken);
                    clock.End("stop");
                    var fallen = await StartServerAsync(spec, settings, clock, cancellationToken);
                    WatchServer();
                    await WaitUntilWritableAsync(cancellationToken);
                    result = result with
                    {
                        WriteOutageSeconds = Time.GetElapsedTime(down).TotalSeconds,
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

    public override Task<ApplyResult> StopAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                State.Desire(running: false);
                Phase = "stopping";
                await _server.CheckpointAsync(cancellationToken);
                clock.End("checkpoint");
                _upkeep.Stop();
                var down = Time.GetTimestamp();
                await _patroni.StopAsync(cancellationToken);
                clock.End("patroni");
                await _server.StopAsync(cancellationToken);
                clock.End("stop");
                Phase = AtRest;
                Troubles.Clear();
                return result with { WriteOutageSeconds = Time.GetElapsedTime(down).TotalSeconds };
            },
            cancellationToken
        );

    public override Task<EngineMetrics> MetricsAsync(CancellationToken cancellationToken) =>
        MetricsProbe.ReadAsync(
            Phase == "running" ? _server.Session : null,
            _paths,
            cancellationToken
        );

    /// <summary>As every engine's, and Patroni is told.</summary>
    private ApplyResult Settle(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        ApplyResult result,
        string fallen
    )
    {
        Serve(spec, settings);
        return Settle(spec, result, fallen);
    }
}
