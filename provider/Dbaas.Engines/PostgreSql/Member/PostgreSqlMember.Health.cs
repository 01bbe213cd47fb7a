using Dbaas.Protocol.Agent;
using Npgsql;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>What the server says about itself.</summary>
internal sealed partial class PostgreSqlMember
{
    // Every client that knocks during the recovery leaves a line, so the cause may stand far up.
    private const int CrashLines = 1000;

    private int _seenPid;
    private DateTime _seenWorkers;

    protected override bool IsManaged => _upkeep.Managed;

    protected override bool IsOfTheServer(Exception failure) => failure is NpgsqlException;

    protected override bool IsCutOff(Exception failure) => LocalSession.IsCutOff(failure);

    protected override async Task<Observation?> ObserveAsync(CancellationToken cancellationToken)
    {
        if (_server.Session is not { } session)
        {
            return null;
        }

        // What the user himself chose as the default keeps nobody from writing.
        var chosen = Spec?.Settings.GetValueOrDefault(ReadOnlySetting) == "on";
        var rows = await session.QueryAsync(
            """
            SELECT split_part(current_setting('server_version'), ' ', 1), pg_is_in_recovery(),
                   current_setting('transaction_read_only') = 'off',
                   (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text,
                   (SELECT max(backend_start) FROM pg_stat_activity WHERE backend_type = 'checkpointer')
            """,
            reader =>
                (
                    Seen: new Observation(
                        reader.GetString(0),
                        reader.GetBoolean(1) ? "standby" : "primary",
                        !reader.GetBoolean(1) && (reader.GetBoolean(2) || chosen),
                        reader.IsDBNull(3) ? "" : reader.GetString(3),
                        []
                    ),
                    Workers: reader.IsDBNull(4) ? default : reader.GetDateTime(4)
                ),
            cancellationToken
        );
        var (seen, workers) = rows[0];
        var pending = Spec is { } spec
            ? await new SettingsProbe(session).PendingAsync(Settings(spec), cancellationToken)
            : [];
        NoticeCrash(workers);
        return seen with { Pending = pending };
    }

    // After a backend is killed, most often for its memory, the postmaster lives on but starts all other processes anew. Every
    // session was cut off, and whoever asks why must find the reason here.
    private void NoticeCrash(DateTime workers)
    {
        var pid = _server.Process?.Pid ?? 0;
        if (
            pid == _seenPid
            && workers != default
            && _seenWorkers != default
            && workers != _seenWorkers
        )
        {
            var explained = Words.Explain(Log.Last(CrashLines));
            var advice = explained?.Advice ?? "Its log says why.";
            var message = $"A server process crashed, and all sessions were ended. {advice}";
            Troubles.Happen(explained?.Code ?? AgentFailures.Restarted, message);
            Report(message);
        }

        (_seenPid, _seenWorkers) = (pid, workers);
    }
}
