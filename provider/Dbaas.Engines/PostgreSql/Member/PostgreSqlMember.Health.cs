using Dbaas.Protocol.Agent;
using Npgsql;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>What the member says about itself. The server is asked when somebody asks, not on a timer.</summary>
internal sealed partial class PostgreSqlMember
{
    private static readonly string AgentVersion =
        typeof(PostgreSqlMember).Assembly.GetName().Version?.ToString(3) ?? "";

    // Answers may be a second old; a server that does not answer within this time is reported with what was last seen.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);
    private readonly SemaphoreSlim _probing = new(1, 1);
    private Seen _seen = new("", "", false, "", [], default);
    private int _seenPid;
    private long _seenAt;

    private sealed record Seen(
        string Version,
        string Role,
        bool Writable,
        string Position,
        IReadOnlyList<string> Pending,
        DateTime Workers
    );

    public async Task<AgentHealth> HealthAsync(CancellationToken cancellationToken)
    {
        if (_phase != "running" || _time.GetElapsedTime(_seenAt) < Fresh)
        {
            return Snapshot();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeLimit);
        return await ProbeAsync(limit.Token);
    }

    private async Task<AgentHealth> ProbeAsync(CancellationToken cancellationToken)
    {
        var session = _server.Session;
        if (
            _phase != "running"
            || session is null
            || !await _probing.WaitAsync(0, cancellationToken)
        )
        {
            return Snapshot();
        }

        try
        {
            var rows = await session.QueryAsync(
                """
                SELECT split_part(current_setting('server_version'), ' ', 1), pg_is_in_recovery(),
                       current_setting('transaction_read_only') = 'off',
                       (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text,
                       (SELECT max(backend_start) FROM pg_stat_activity WHERE backend_type = 'checkpointer')
                """,
                reader => new Seen(
                    reader.GetString(0),
                    reader.GetBoolean(1) ? "standby" : "primary",
                    !reader.GetBoolean(1) && reader.GetBoolean(2),
                    reader.IsDBNull(3) ? "" : reader.GetString(3),
                    [],
                    reader.IsDBNull(4) ? default : reader.GetDateTime(4)
                ),
                cancellationToken
            );
            var pending = _spec is { } spec
                ? await new SettingsProbe(session).PendingAsync(Settings(spec), cancellationToken)
                : [];
            NoticeCrash(rows[0].Workers);
            _seen = rows[0] with { Pending = pending };
            _seenAt = _time.GetTimestamp();
        }
        catch (Exception failure)
            when (failure
                    is NpgsqlException
                        or OperationCanceledException
                        or ObjectDisposedException
            )
        {
            // The server is busy, restarting or gone; its process says which, and the snapshot shows it.
            _seen = _seen with
            {
                Writable = false,
            };
        }
        finally
        {
            _probing.Release();
        }

        return Snapshot();
    }

    // Every client that knocks during the recovery leaves a line, so the cause may stand far up.
    private const int CrashLines = 1000;

    // After a backend is killed, most often for its memory, the postmaster lives on but starts all other processes anew. Every
    // session was cut off, and whoever asks why must find the reason here.
    private void NoticeCrash(DateTime workers)
    {
        var pid = _server.Process?.Pid ?? 0;
        if (
            pid == _seenPid
            && workers != default
            && _seen.Workers != default
            && workers != _seen.Workers
        )
        {
            var explained = FailureWords.Explain(_log.Last(CrashLines));
            var advice = explained?.Advice ?? "Its log says why.";
            var message = $"A server process crashed, and all sessions were ended. {advice}";
            _troubles.Note(explained?.Code ?? AgentFailures.Restarted, message);
            _environment.Log(message);
        }

        _seenPid = pid;
    }

    private AgentHealth Snapshot()
    {
        var seen = _seen;
        var runs = _phase == "running" && _server.Runs;
        var trouble = _troubles.Now(runs);
        return new AgentHealth
        {
            AgentVersion = AgentVersion,
            Engine = _phase == "running" && !runs ? "starting" : _phase,
            ActualVersion = seen.Version,
            Role = runs ? seen.Role : "",
            Writable = runs && seen.Writable && !_disk.Low,
            Position = seen.Position,
            PendingRestart = seen.Pending,
            Generation = _spec?.Generation ?? 0,
            Managed = runs && _upkeep.Managed,
            Failure = trouble.Message,
            FailureCode = trouble.Code,
            FailureSince = trouble.Since,
        };
    }
}
