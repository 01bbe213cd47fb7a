using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>The steps that the verbs share.</summary>
internal sealed partial class PostgreSqlMember
{
    private static readonly TimeSpan WritableLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    // Patroni restarts a server that it stopped itself; only when it does not, the agent steps in.
    private static readonly TimeSpan PatroniLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CalmAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private WatchedProcess? _watched;
    private TimeSpan _delay;

    /// <summary>
    /// Makes the data directory of an empty volume. Returns the flush to disk, which goes on while the server starts. A directory
    /// without the mark of a finished flush was never handed to anybody and is made again.
    /// </summary>
    private Task Prepare(PhaseClock clock, CancellationToken cancellationToken)
    {
        _paths.CreateFolders();
        if (File.Exists(_paths.Durable))
        {
            // The only member of its cluster is never a standby, whatever an interrupted start by Patroni left (ADR 0061).
            File.Delete($"{_paths.Data}/standby.signal");
            clock.End("prepare");
            return Task.CompletedTask;
        }

        if (Directory.Exists(_paths.Data))
        {
            Directory.Delete(_paths.Data, recursive: true);
        }

        clock.End("prepare");
        TemplateCopy.Copy(MemberPaths.Template, _paths.DataInMaking, cancellationToken);
        clock.End("template");
        ClusterIdentity.Renew(_paths.DataInMaking, _time.GetUtcNow());
        Directory.Move(_paths.DataInMaking, _paths.Data);
        clock.End("identity");
        return TemplateCopy.FlushAsync(_paths.VolumeRoot);
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

    /// <summary>Sees to it that the end of the current server process is noticed at once.</summary>
    private void WatchServer()
    {
        if (_server.Process is not { } process || ReferenceEquals(process, _watched))
        {
            return;
        }

        _watched = process;
        var started = _time.GetTimestamp();
        _ = process.Exited.ContinueWith(
            _ => RecoverAsync(process, _time.GetElapsedTime(started)),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    /// <summary>The server ended without a request of ours: after a crash it is started again at once.</summary>
    private async Task RecoverAsync(WatchedProcess ended, TimeSpan lived)
    {
        if (!_state.Desired || _phase is "stopping" or "starting")
        {
            return;
        }

        var asked = _server.WasShutDown();
        if (!asked)
        {
            _patroni.Freeze();
        }

        await _gate.WaitAsync();
        try
        {
            if (
                !_state.Desired
                || !ReferenceEquals(_server.Process, ended)
                || _spec is not { } spec
            )
            {
                return;
            }

            _phase = "starting";
            var settings = Settings(spec);
            if (!asked || !await PatroniStartsItAsync(spec))
            {
                await BackOffAsync(lived);
                var clock = new PhaseClock(_time);
                var reason = FailureWords.Explain(_log.Last(30))?.Advice ?? "";
                var fallen = await StartServerAsync(spec, settings, clock, CancellationToken.None);
                _failure =
                    $"The server ended unexpectedly and was started again. {reason}{fallen}".Trim();
                _environment.Log(_failure);
            }

            _phase = "running";
            WatchServer();
        }
        catch (Exception failure) when (failure is MemberFailure or IOException)
        {
            _phase = "failed";
            _failure = _log.Clean(failure.Message);
            _environment.Log($"The engine ended and cannot be started: {_failure}");
        }
        finally
        {
            _gate.Release();
            _patroni.Thaw();
        }
    }

    private async Task<bool> PatroniStartsItAsync(MemberSpec spec)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(started) < PatroniLimit)
        {
            if (await _server.AdoptAsync(spec.Port, CancellationToken.None))
            {
                return true;
            }

            await Task.Delay(Poll, _time);
        }

        return false;
    }

    // The first restart must be immediate; a server that dies again and again must not burn the machine.
    private async Task BackOffAsync(TimeSpan lived)
    {
        if (lived > CalmAfter)
        {
            _delay = TimeSpan.Zero;
        }
        else if (_delay > TimeSpan.Zero)
        {
            await Task.Delay(_delay, _time);
        }

        var next = _delay == TimeSpan.Zero ? TimeSpan.FromMilliseconds(250) : _delay * 2;
        _delay = next < LongestDelay ? next : LongestDelay;
    }
}
