using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MariaDb.Member;

/// <summary>MariaDB inside one machine.</summary>
internal sealed partial class MariaDbMember : EngineMember
{
    private readonly MariaDbEngine _engine;
    private readonly MariaDbPaths _paths;
    private readonly MariaDbFiles _files;
    private readonly MariaDbServer _server;

    /// <summary>What the running server was started with; the rest of a specification waits for a restart.</summary>
    private IReadOnlyDictionary<string, string> _live = new Dictionary<string, string>();

    public MariaDbMember(MemberEnvironment environment, MariaDbEngine engine)
        : this(environment, engine, new MariaDbPaths(environment.VolumeRoot, environment.RunRoot))
    { }

    private MariaDbMember(MemberEnvironment environment, MariaDbEngine engine, MariaDbPaths paths)
        : base(environment, paths, "The volume is nearly full, so the server is read-only.")
    {
        (_engine, _paths) = (engine, paths);
        _files = new MariaDbFiles(paths);
        _server = new MariaDbServer(paths, _files, Time);
    }

    protected override IMemberServer Server => _server;

    public override Task<ApplyResult> StartAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            async (clock, result) =>
            {
                Accept(spec);
                State.Desire(running: true);
                var fallen = "";
                if (!_server.Runs && !await _server.AdoptAsync(cancellationToken))
                {
                    Phase = "starting";
                    await PrepareAsync(cancellationToken);
                    fallen = await RunAsync(spec, clock, cancellationToken);
                }

                WatchServer();
                result = await ConvergeAsync(spec, result, cancellationToken);
                return Settle(spec, result, fallen);
            },
            cancellationToken
        );

    public override Task<ApplyResult> ApplyAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            async (_, result) =>
            {
                Accept(spec);
                RequireRunning();
                result = await ConvergeAsync(spec, result, cancellationToken);
                return Settle(spec, result, "");
            },
            cancellationToken
        );

    public override Task<ApplyResult> RestartAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async (clock, result) =>
            {
                var spec = RequireRunning();
                Phase = "starting";
                var down = Time.GetTimestamp();
                await _server.StopAsync(cancellationToken);
                var fallen = await RunAsync(spec, clock, cancellationToken);
                WatchServer();
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
            async (_, result) =>
            {
                State.Desire(running: false);
                Phase = "stopping";
                await _server.StopAsync(cancellationToken);
                Phase = AtRest;
                return result;
            },
            cancellationToken
        );

    protected override async Task<bool> TakeBackAsync(
        MemberSpec spec,
        bool desired,
        CancellationToken cancellationToken
    )
    {
        if (await _server.AdoptAsync(cancellationToken))
        {
            _live = spec.Settings;
        }
        else if (desired)
        {
            await RunAsync(spec, new PhaseClock(Time), cancellationToken);
        }
        else
        {
            return false;
        }

        WatchServer();
        return true;
    }

    protected override async Task BringBackAsync(MemberSpec spec, bool inOrder)
    {
        var clock = new PhaseClock(Time);
        var advice = LastAdvice();
        var fallen = await RunAsync(spec, clock, CancellationToken.None);
        WatchServer();
        NoteRestart(advice, fallen, clock);
    }

    /// <summary>Makes the data directory of an empty volume; one without the mark of a finished flush is made again.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _paths.CreateFolders();
        if (File.Exists(_paths.Durable))
        {
            return;
        }

        if (Directory.Exists(_paths.Data))
        {
            Directory.Delete(_paths.Data, recursive: true);
        }

        TemplateCopy.Copy(MemberFolders.Template, _paths.DataInMaking, cancellationToken);
        Directory.Move(_paths.DataInMaking, _paths.Data);
        await TemplateCopy.FlushAsync(_paths.VolumeRoot);
        PrivateFile.Write(_paths.Durable, "");
    }

    private async Task<string> RunAsync(
        MemberSpec spec,
        PhaseClock clock,
        CancellationToken cancellationToken
    )
    {
        var fallen = await StartServerAsync(spec, spec.Settings, clock, cancellationToken);
        _live = fallen.Length == 0 ? spec.Settings : _live;
        return fallen;
    }

    private async Task<ApplyResult> ConvergeAsync(
        MemberSpec spec,
        ApplyResult result,
        CancellationToken cancellationToken
    )
    {
        if (_files.WriteCertificates(spec))
        {
            await _server.ExecuteAsync("FLUSH SSL", cancellationToken);
        }

        _files.Write(spec, spec.Settings);
        // Two statements, so that the account never exists without its password.
        var account = $"{MariaDbFiles.Text(spec.Secrets.AdminUser)}@'%'";
        var verifier =
            $"IDENTIFIED BY PASSWORD '{MariaDbFiles.Verifier(spec.Secrets.AdminPassword)}' REQUIRE SSL";
        await _server.ExecuteAsync(
            $"CREATE USER IF NOT EXISTS {account} {verifier}",
            cancellationToken
        );
        await _server.ExecuteAsync($"ALTER USER {account} {verifier}", cancellationToken);
        var existing = await _server.QueryAsync("SHOW DATABASES", cancellationToken);
        List<string> created = [];
        foreach (var name in spec.Databases.Except(existing, StringComparer.Ordinal))
        {
            if (_engine.RefuseDatabaseName(name) is { } refusal)
            {
                throw new MemberFailure("database.name", refusal);
            }

            await _server.ExecuteAsync($"CREATE DATABASE `{name}`", cancellationToken);
            created.Add(name);
        }

        // Never on everything: who may write to the server's own tables can give himself any right.
        foreach (var name in spec.Databases)
        {
            var pattern = name.Replace("_", "\\_", StringComparison.Ordinal);
            await _server.ExecuteAsync(
                $"GRANT ALL PRIVILEGES ON `{pattern}`.* TO {account}",
                cancellationToken
            );
        }

        return result with
        {
            CreatedDatabases = created,
            PendingRestart = Pending(spec),
        };
    }
}
