using Dbaas.Engines.Members;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>The steps that the verbs share.</summary>
internal sealed partial class PostgreSqlMember
{
    private static readonly TimeSpan WritableLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private SortedDictionary<string, string> Settings(MemberSpec spec) =>
        ServerSettings.Of(spec, _paths, _engine.Catalogue(spec.EngineVersion));

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
        ClusterIdentity.Renew(_paths.DataInMaking, Time.GetUtcNow());
        Directory.Move(_paths.DataInMaking, _paths.Data);
        clock.End("identity");
        return true;
    }

    /// <param name="spec">What shall be.</param>
    /// <param name="settings">What the server shall have.</param>
    /// <param name="fellBack">The server refused them in its start and runs with earlier ones; they must not be written again.</param>
    /// <param name="clock">Takes the phases' time.</param>
    /// <param name="result">Is completed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    private async Task<ApplyResult> ConvergeAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string> settings,
        bool fellBack,
        PhaseClock clock,
        ApplyResult result,
        CancellationToken cancellationToken
    )
    {
        var session = _server.Session!;
        // Patroni, not leading yet, starts a server that crashed as a standby and promotes it a moment later.
        await WaitUntilWritableAsync(cancellationToken);
        var convergence = new Convergence(session, Time);
        if (!fellBack)
        {
            var before = File.Exists(_paths.SettingsFile)
                ? await File.ReadAllTextAsync(_paths.SettingsFile, cancellationToken)
                : "";
            var changes = _files.Write(spec, Guarded(settings));
            if (changes.Server)
            {
                var (applied, refused) = await convergence.ReloadAsync(
                    _paths.SettingsFile,
                    () => _server.Process!.Signal(Libc.SigHup),
                    cancellationToken
                );
                if (refused.Count > 0)
                {
                    // A setting the server refuses would keep it from starting one day; put back what it had. The mark stays: nobody waits
                    // for this reading.
                    PrivateFile.Write(_paths.SettingsFile, before);
                    _server.Process!.Signal(Libc.SigHup);
                    throw new MemberFailure(
                        "engine.setting_refused",
                        $"The server refuses {string.Join("; ", refused)}. The previous settings stay in force."
                    );
                }

                _files.OfServer.WereRead();
                result = result with { AppliedLive = applied };
            }

            if (changes.Patroni)
            {
                _patroni.Reload();
                _files.OfPatroni.WereRead();
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

    private async Task WaitUntilWritableAsync(CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
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

            if (Time.GetElapsedTime(started) > WritableLimit)
            {
                throw new MemberFailure(
                    "engine.read_only",
                    "The engine answers but takes no writes; it is still recovering."
                );
            }

            await Task.Delay(Poll, Time, cancellationToken);
        }
    }
}
