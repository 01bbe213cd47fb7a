using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>What the member says about itself. The server is asked when somebody asks, not on a timer.</summary>
internal sealed partial class MySqlMember
{
    private static readonly string AgentVersion =
        typeof(MySqlMember).Assembly.GetName().Version?.ToString(3) ?? "";

    // Answers may be a second old; a server that does not answer within this time is reported with what was last seen.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);
    private readonly SemaphoreSlim _probing = new(1, 1);
    private Seen _seen = new("", "", false, "", false, []);
    private long _seenAt;

    private sealed record Seen(
        string Version,
        string Role,
        bool Writable,
        string Position,
        bool Online,
        IReadOnlyList<string> Pending
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
                SELECT SUBSTRING_INDEX(@@GLOBAL.version, '-', 1), COALESCE(m.member_role, ''),
                       @@GLOBAL.super_read_only = 0 AND @@GLOBAL.offline_mode = 0, @@GLOBAL.gtid_executed,
                       COALESCE(m.member_state = 'ONLINE', 0)
                  FROM (SELECT 1) one
                  LEFT JOIN performance_schema.replication_group_members m ON m.member_id = @@GLOBAL.server_uuid
                """,
                reader => new Seen(
                    reader.GetString(0),
                    reader.GetString(1) == "PRIMARY" ? "primary" : "standby",
                    reader.GetInt64(2) == 1,
                    reader.GetString(3).Replace("\n", "", StringComparison.Ordinal),
                    reader.GetInt64(4) == 1,
                    []
                ),
                cancellationToken
            );
            _seen = rows[0] with
            {
                Pending = _spec is { } spec ? Pending(OptionFile.Of(spec, _paths)) : [],
            };
            _seenAt = _time.GetTimestamp();
            if (!_seen.Online)
            {
                _ = RejoinAsync();
            }
        }
        catch (Exception failure)
            when (failure
                    is MySqlException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or InvalidOperationException
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

    /// <summary>Brings a member back that left its group while its server runs on; otherwise nobody could write any more.</summary>
    private async Task RejoinAsync()
    {
        // Whoever holds the gate is at work on the server, and the next look comes soon.
        if (!await _gate.WaitAsync(TimeSpan.Zero))
        {
            return;
        }

        try
        {
            if (_phase == "running" && _spec is { } spec && _server.Group is { } group)
            {
                await group.StartAsync(spec, CancellationToken.None);
                await _server.Session!.ExecuteAsync(
                    "SET GLOBAL offline_mode = OFF",
                    CancellationToken.None
                );
                const string message =
                    "The member had left its group and was brought back; its log says why.";
                _troubles.Note(AgentFailures.Failed, message);
                _environment.Log(message);
            }
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            var message = _log.Clean(failure.Message);
            _troubles.Note(AgentFailures.Failed, message);
            _environment.Log($"The member cannot be brought back into its group: {message}");
        }
        finally
        {
            _gate.Release();
        }
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
            Managed = runs && seen.Online,
            Failure = trouble.Message,
            FailureCode = trouble.Code,
            FailureSince = trouble.Since,
        };
    }
}
