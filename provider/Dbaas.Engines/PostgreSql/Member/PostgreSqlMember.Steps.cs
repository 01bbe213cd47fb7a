using Dbaas.Engines.Members;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>The steps that the verbs share.</summary>
internal sealed partial class PostgreSqlMember
{
    private static readonly TimeSpan WritableLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private SortedDictionary<string, string> Settings(MemberSpec spec) => Settings(spec, _disk.Low);

    private SortedDictionary<string, string> Settings(MemberSpec spec, bool readOnly)
    {
        var settings = ServerSettings.Of(spec, _paths, _engine.Catalogue(spec.EngineVersion));
        if (readOnly)
        {
            settings["default_transaction_read_only"] = "on";
        }

        return settings;
    }

    private void Hide(MemberSpec spec) =>
        _log.Hide([
            spec.Secrets.AdminPassword,
            spec.Secrets.SuperuserPassword,
            spec.Secrets.ReplicationPassword,
            spec.Secrets.RestPassword,
            spec.Store.Password,
        ]);

    /// <summary>
    /// Makes the data directory of an empty volume. True when it did, and the volume must be flushed. A directory
    /// without the mark of a finished flush was never handed to anybody and is made again.
    /// </summary>
    private bool Prepare(int port, PhaseClock clock, CancellationToken cancellationToken)
    {
        _paths.CreateFolders();
        if (File.Exists(_paths.Durable))
        {
            // The only member of its cluster is never a standby, whatever an interrupted start by Patroni left (ADR 0061).
            File.Delete($"{_paths.Data}/standby.signal");
            clock.End("prepare");
            return false;
        }

        if (Directory.Exists(_paths.Data))
        {
            // The agent may have been killed right after it launched a server, which has no lock file yet and would keep the port.
            _server.RemoveRemains(port);
            Directory.Delete(_paths.Data, recursive: true);
        }

        clock.End("prepare");
        TemplateCopy.Copy(MemberPaths.Template, _paths.DataInMaking, cancellationToken);
        clock.End("template");
        ClusterIdentity.Renew(_paths.DataInMaking, _time.GetUtcNow());
        Directory.Move(_paths.DataInMaking, _paths.Data);
        clock.End("identity");
        return true;
    }

    /// <summary>
    /// Starts the server; when it refuses the settings and an earlier set is known to work, that one is used instead. Returns
    /// what went wrong then, or nothing.
    /// </summary>
    private async Task<string> StartServerAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        PhaseClock clock,
        CancellationToken cancellationToken
    )
    {
        if (_disk.MakeRoom())
        {
            _environment.Log(
                "The volume is full; the room held back is given to the server's start."
            );
        }

        try
        {
            await _server.StartAsync(spec, settings, clock, cancellationToken);
            return "";
        }
        catch (MemberFailure failure) when (failure.Code == "engine.start_failed")
        {
            if (_files.Proven() is not { } proven || Equal(proven, settings))
            {
                throw;
            }

            var reason = FailureWords.Explain(_log.Last(30))?.Advice ?? failure.Message;
            PrivateFile.Write(_paths.SettingsFile, ServerSettings.File(proven));
            await _server.StartAsync(spec, proven, clock, cancellationToken);
            return $"The engine did not start with the new settings and runs with the previous ones again. {reason}";
        }
    }

    private static bool Equal(
        IReadOnlyDictionary<string, string> left,
        IReadOnlyDictionary<string, string> right
    ) =>
        left.Count == right.Count
        && left.All(pair => right.GetValueOrDefault(pair.Key) == pair.Value);

    private async Task<ApplyResult> ConvergeAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        PhaseClock clock,
        ApplyResult result,
        CancellationToken cancellationToken
    )
    {
        var session = _server.Session!;
        var convergence = new Convergence(session, _time);
        // A start that fell back to proven settings must not write the refused ones again.
        if (!SettingsRolledBack(settings))
        {
            var before = File.Exists(_paths.SettingsFile)
                ? await File.ReadAllTextAsync(_paths.SettingsFile, cancellationToken)
                : "";
            var changes = _files.Write(spec, settings);
            if (changes.Server)
            {
                var (applied, refused) = await convergence.ReloadAsync(
                    _paths.SettingsFile,
                    () => _server.Process!.Signal(Libc.SigHup),
                    cancellationToken
                );
                if (refused.Count > 0)
                {
                    // A setting the server refuses would keep it from starting one day; put back what it had.
                    PrivateFile.Write(_paths.SettingsFile, before);
                    _server.Process!.Signal(Libc.SigHup);
                    throw new MemberFailure(
                        "engine.setting_refused",
                        $"The server refuses {string.Join("; ", refused)}. The previous settings stay in force."
                    );
                }

                result = result with { AppliedLive = applied };
            }

            if (changes.Patroni)
            {
                _patroni.Reload();
            }

            clock.End("reload");
        }

        await convergence.RolesAsync(spec, cancellationToken);
        clock.End("roles");
        var created = await convergence.DatabasesAsync(spec, cancellationToken);
        clock.End("databases");
        return result with
        {
            CreatedDatabases = created,
            PendingRestart = await new SettingsProbe(session).PendingAsync(
                settings,
                cancellationToken
            ),
        };
    }

    private bool SettingsRolledBack(IReadOnlyDictionary<string, string> settings) =>
        _phase == "starting" && _files.Proven() is { } proven && !Equal(proven, settings);

    private async Task WaitUntilWritableAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (_server.Session is { } session)
        {
            var recovering = await session.QueryAsync(
                "SELECT pg_is_in_recovery()",
                reader => reader.GetBoolean(0),
                cancellationToken
            );
            if (!recovering[0])
            {
                return;
            }

            if (_time.GetElapsedTime(started) > WritableLimit)
            {
                throw new MemberFailure(
                    "engine.read_only",
                    "The engine answers but takes no writes; it is still recovering."
                );
            }

            await Task.Delay(Poll, _time, cancellationToken);
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
}
