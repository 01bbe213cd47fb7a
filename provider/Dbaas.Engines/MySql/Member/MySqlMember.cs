using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>MySQL inside one machine.</summary>
internal sealed partial class MySqlMember : EngineMember
{
    private readonly MySqlEngine _engine;
    private readonly MemberPaths _paths;
    private readonly MemberFiles _files;
    private readonly Server _server;

    public MySqlMember(MemberEnvironment environment, MySqlEngine engine)
        : this(environment, engine, new MemberPaths(environment.VolumeRoot, environment.RunRoot))
    { }

    private MySqlMember(MemberEnvironment environment, MySqlEngine engine, MemberPaths paths)
        : base(environment, paths, FullVolume)
    {
        _engine = engine;
        _paths = paths;
        _files = new MemberFiles(paths);
        _server = new Server(paths, _files, Time);
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
                var settings = OptionFile.Of(spec, _paths);
                State.Desire(running: true);
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

                await ServeAsync(spec, clock, cancellationToken);
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

    public override Task<ApplyResult> ApplyAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    ) =>
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

    public override Task<ApplyResult> RestartAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                var spec = RequireRunning();
                await RestartPreparation.MakeAsync(_server.Session!, Time, cancellationToken);
                clock.End("prepare");
                Phase = "starting";
                var down = Time.GetTimestamp();
                await _server.EndForRestartAsync(cancellationToken);
                clock.End("end");
                var settings = OptionFile.Of(spec, _paths);
                var fallen = await StartServerAsync(spec, settings, clock, cancellationToken);
                await ServeAsync(spec, clock, cancellationToken);
                result = result with
                {
                    WriteOutageSeconds = Time.GetElapsedTime(down).TotalSeconds,
                };
                return Settle(spec, result, fallen);
            },
            cancellationToken
        );

    public override Task<ApplyResult> StopAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                State.Desire(running: false);
                Phase = "stopping";
                var down = Time.GetTimestamp();
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
}
