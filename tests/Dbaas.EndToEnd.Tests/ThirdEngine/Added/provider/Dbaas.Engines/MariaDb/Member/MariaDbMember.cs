using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.MariaDb.Member;

/// <summary>MariaDB inside one machine. Changes are serial; health and log answer at any time.</summary>
internal sealed partial class MariaDbMember : IEngineMember
{
    private readonly MemberEnvironment _environment;
    private readonly MariaDbEngine _engine;
    private readonly MariaDbPaths _paths;
    private readonly MariaDbFiles _files;
    private readonly MariaDbServer _server;
    private readonly MemberState _state;
    private readonly EngineLogTail _log;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private MemberSpec? _spec;

    /// <summary>What the running server was started with; the rest of a specification waits for a restart.</summary>
    private IReadOnlyDictionary<string, string> _live = new Dictionary<string, string>();
    private string _version = "";
    private volatile string _failure = "";

    public MariaDbMember(MemberEnvironment environment, MariaDbEngine engine)
    {
        (_environment, _engine) = (environment, engine);
        _paths = new MariaDbPaths(environment.VolumeRoot, environment.RunRoot);
        _files = new MariaDbFiles(_paths);
        _server = new MariaDbServer(_paths, environment.Time);
        _state = new MemberState(_paths.SpecFile, _paths.DesiredFile);
        _log = new EngineLogTail(_paths.Log);
    }

    public Task<ApplyResult> StartAsync(MemberSpec spec, CancellationToken cancellationToken) =>
        ChangeAsync(
            async () =>
            {
                _paths.CreateFolders();
                _state.Desire(running: true);
                if (!_server.Runs && !await _server.AdoptAsync(cancellationToken))
                {
                    await PrepareAsync(cancellationToken);
                    await RunAsync(spec, cancellationToken);
                }

                return await ConvergeAsync(spec, cancellationToken);
            },
            cancellationToken
        );

    public Task<ApplyResult> ApplyAsync(MemberSpec spec, CancellationToken cancellationToken) =>
        ChangeAsync(
            () =>
                _server.Runs
                    ? ConvergeAsync(spec, cancellationToken)
                    : throw new MemberFailure("engine.not_running", "The engine does not run."),
            cancellationToken
        );

    public Task<ApplyResult> RestartAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async () =>
            {
                var spec =
                    _spec
                    ?? throw new MemberFailure("engine.not_running", "The engine does not run.");
                var down = _environment.Time.GetTimestamp();
                await _server.StopAsync(cancellationToken);
                await RunAsync(spec, cancellationToken);
                return Done() with
                {
                    WriteOutageSeconds = _environment.Time.GetElapsedTime(down).TotalSeconds,
                };
            },
            cancellationToken
        );

    public Task<ApplyResult> StopAsync(CancellationToken cancellationToken) =>
        ChangeAsync(
            async () =>
            {
                _state.Desire(running: false);
                await _server.StopAsync(cancellationToken);
                return Done();
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
            _live = spec.Settings;
            if (await _server.AdoptAsync(cancellationToken))
            {
                await ReadVersionAsync(cancellationToken);
            }
            else if (_state.Desired)
            {
                await RunAsync(spec, cancellationToken);
            }

            Watch();
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            _failure = _log.Clean(failure.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes the data directory of an empty volume; one without the mark of a finished flush is made again.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(_paths.Durable))
        {
            return;
        }

        if (Directory.Exists(_paths.Data))
        {
            Directory.Delete(_paths.Data, recursive: true);
        }

        TemplateCopy.Copy(MariaDbPaths.Template, _paths.DataInMaking, cancellationToken);
        Directory.Move(_paths.DataInMaking, _paths.Data);
        await TemplateCopy.FlushAsync(_paths.VolumeRoot);
        PrivateFile.Write(_paths.Durable, "");
    }

    private async Task RunAsync(MemberSpec spec, CancellationToken cancellationToken)
    {
        _files.Write(spec);
        await _server.StartAsync(cancellationToken);
        _live = spec.Settings;
        await ReadVersionAsync(cancellationToken);
        Watch();
    }

    private async Task<ApplyResult> ConvergeAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    )
    {
        if (_spec is { } applied && spec.Generation < applied.Generation)
        {
            throw new MemberFailure(
                "agent.stale_generation",
                "A newer specification was applied already."
            );
        }

        _log.Hide([spec.Secrets.AdminPassword, spec.Store.Password]);
        if (_files.WriteCertificates(spec))
        {
            await _server.ExecuteAsync("FLUSH SSL", cancellationToken);
        }

        _files.Write(spec);
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

        _spec = spec;
        _state.Save(spec);
        _failure = "";
        return Done() with { CreatedDatabases = created };
    }

    private async Task ReadVersionAsync(CancellationToken cancellationToken) =>
        _version = (await _server.QueryAsync("SELECT VERSION()", cancellationToken))[0].Split('-')[
            0
        ];

    /// <summary>A server that ends without a request of ours is started again.</summary>
    private void Watch()
    {
        if (_server.Process is { } process)
        {
            _ = process.Exited.ContinueWith(
                _ => _state.Desired ? AdoptAsync(CancellationToken.None) : Task.CompletedTask,
                TaskScheduler.Default
            );
        }
    }

    private async Task<ApplyResult> ChangeAsync(
        Func<Task<ApplyResult>> change,
        CancellationToken cancellationToken
    )
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            _failure = _log.Clean(failure.Message);
            return new ApplyResult
            {
                Succeeded = false,
                Health = Health(),
                Code = (failure as MemberFailure)?.Code ?? "engine.failed",
                Message = _failure,
                LogLines = _log.Last(30),
            };
        }
        finally
        {
            _gate.Release();
        }
    }

    private static bool IsOfTheOutsideWorld(Exception failure) =>
        failure is MemberFailure or MySqlException or IOException or UnauthorizedAccessException;
}
