using Dbaas.Engines.Members;
using Dbaas.Engines.MySql.Parameters;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MySql.Member;

/// <summary>The steps that the verbs share.</summary>
internal sealed partial class MySqlMember
{
    /// <summary>
    /// Makes the data directory of an empty volume. Returns the flush to disk, which goes on while the server starts. A directory
    /// without the mark of a finished flush was never handed to anybody and is made again. The copy has no <c>auto.cnf</c>, so the
    /// server draws an identity of its own.
    /// </summary>
    private async Task<Task> PrepareAsync(PhaseClock clock, CancellationToken cancellationToken)
    {
        _paths.CreateFolders();
        if (File.Exists(_paths.Durable))
        {
            clock.End("prepare");
            return Task.CompletedTask;
        }

        if (Directory.Exists(_paths.Data))
        {
            await _server.RemoveRemainsAsync(cancellationToken);
            Directory.Delete(_paths.Data, recursive: true);
        }

        clock.End("prepare");
        TemplateCopy.Copy(MemberPaths.Template, _paths.DataInMaking, cancellationToken);
        Directory.Move(_paths.DataInMaking, _paths.Data);
        clock.End("template");
        return TemplateCopy.FlushAsync(_paths.VolumeRoot);
    }

    /// <param name="spec">What shall be.</param>
    /// <param name="settings">Null after a fall back to proven settings: the refused ones must not be written again.</param>
    /// <param name="clock">Takes the phases' time.</param>
    /// <param name="result">Is completed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    private async Task<ApplyResult> ConvergeAsync(
        MemberSpec spec,
        IReadOnlyDictionary<string, string>? settings,
        PhaseClock clock,
        ApplyResult result,
        CancellationToken cancellationToken
    )
    {
        var session = _server.Session!;
        var convergence = new Convergence(session, _engine.Catalogue(spec.EngineVersion), Time);
        if (settings is not null)
        {
            if (_files.WriteCertificates(spec))
            {
                await session.ExecuteAsync("ALTER INSTANCE RELOAD TLS", cancellationToken);
                _files.Certificates.WereRead();
            }

            // Without the file a server runs of which nothing is known; then all that can be set is set.
            var live = _files.Live.Load() ?? [];
            IReadOnlyList<string> applied;
            try
            {
                applied = await convergence.SettingsAsync(live, settings, cancellationToken);
            }
            finally
            {
                _files.Live.Save(live);
            }

            // What waits for a restart must be in the file for the day when the server starts by itself.
            _files.WriteOptions(settings);
            result = result with { AppliedLive = applied };
            clock.End("settings");
        }

        await convergence.AccountsAsync(spec, cancellationToken);
        clock.End("accounts");
        var created = await convergence.DatabasesAsync(spec, cancellationToken);
        clock.End("databases");
        return result with
        {
            CreatedDatabases = created,
            PendingRestart = settings is null ? [] : Pending(settings),
        };
    }

    /// <summary>Settings that wait for a restart: what the server has is written down whenever it changes.</summary>
    private IReadOnlyList<string> Pending(IReadOnlyDictionary<string, string> settings) =>
        _files.Live.Load() is { } live ? PendingSettings.Of(live, settings) : [];
}
