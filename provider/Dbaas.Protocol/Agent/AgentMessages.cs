namespace Dbaas.Protocol.Agent;

/// <summary>Paths of the agent's HTTP interface on the machine's Unix socket (<see cref="SocketPath"/>). Bodies are JSON.</summary>
public static class AgentPaths
{
    /// <summary>Inside the machine; the host sees it under the machine's own run folder.</summary>
    public const string SocketPath = "/run/dbaas/agent.sock";

    /// <summary>GET → <see cref="AgentHealth"/>. Answers at once, whatever the engine does.</summary>
    public const string Health = "/v1/health";

    /// <summary>POST <see cref="MemberSpec"/> → <see cref="ApplyResult"/>. Initialises an empty volume, starts, converges. Repeatable.</summary>
    public const string Start = "/v1/engine/start";

    /// <summary>POST <see cref="MemberSpec"/> → <see cref="ApplyResult"/>. Converges a running engine; never restarts it.</summary>
    public const string Apply = "/v1/engine/apply";

    /// <summary>POST {} → <see cref="ApplyResult"/>. Restarts the engine in order; pending settings take effect.</summary>
    public const string Restart = "/v1/engine/restart";

    /// <summary>POST {} → <see cref="ApplyResult"/>. Stops the engine in order (checkpoint, then shutdown).</summary>
    public const string Stop = "/v1/engine/stop";

    /// <summary>GET → <see cref="EngineLog"/>; the engine's own last lines, secrets removed.</summary>
    public const string Log = "/v1/engine/log";

    /// <summary>GET → <see cref="EngineMetrics"/>.</summary>
    public const string Metrics = "/v1/engine/metrics";
}

/// <summary>What the agent sees of its engine.</summary>
public sealed record AgentHealth
{
    public required string AgentVersion { get; init; }

    /// <summary>absent (empty volume), starting, running, stopping, stopped, failed.</summary>
    public required string Engine { get; init; }

    /// <summary>primary, standby or empty.</summary>
    public string Role { get; init; } = "";

    /// <summary>Full version the engine reports, e.g. 18.2.</summary>
    public string ActualVersion { get; init; } = "";

    /// <summary>Whether writes are accepted now.</summary>
    public bool Writable { get; init; }

    /// <summary>Generation of the last <see cref="MemberSpec"/> that was applied in full.</summary>
    public long Generation { get; init; }

    /// <summary>Settings that wait for a restart.</summary>
    public IReadOnlyList<string> PendingRestart { get; init; } = [];

    /// <summary>WAL position (LSN) or GTID set, in the engine's own notation.</summary>
    public string Position { get; init; } = "";

    /// <summary>Whether the cluster manager (Patroni) has taken over.</summary>
    public bool Managed { get; init; }

    /// <summary>Last failure in words, empty when none.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Stable code of <see cref="Failure"/>, one of <see cref="AgentFailures"/>; empty when none.</summary>
    public string FailureCode { get; init; } = "";

    /// <summary>When it happened or began, by the machine's clock; the same failure keeps its time however often it is asked for.</summary>
    public DateTimeOffset? FailureSince { get; init; }

    /// <summary>
    /// What happened to the engine by itself, the newest last, at most <see cref="AgentHappening.Kept"/>. It stays when a change that
    /// succeeds ends <see cref="Failure"/>, so that nobody has to ask in between to learn of it.
    /// </summary>
    public IReadOnlyList<AgentHappening> Happened { get; init; } = [];
}

/// <summary>Something that happened once and was mended on the spot.</summary>
/// <param name="Code">One of <see cref="AgentFailures"/>.</param>
/// <param name="Message">In words, with what to do.</param>
/// <param name="At">When, by the machine's clock; the same as <see cref="AgentHealth.FailureSince"/> while that tells of it.</param>
public sealed record AgentHappening(string Code, string Message, DateTimeOffset At)
{
    /// <summary>How many an agent remembers; more than one engine can have between two looks, unless it keeps falling.</summary>
    public const int Kept = 8;
}

/// <summary>Outcome of start, apply, restart and stop.</summary>
public sealed record ApplyResult
{
    public required bool Succeeded { get; init; }
    public required AgentHealth Health { get; init; }
    public IReadOnlyList<string> AppliedLive { get; init; } = [];
    public IReadOnlyList<string> PendingRestart { get; init; } = [];
    public IReadOnlyList<string> CreatedDatabases { get; init; } = [];

    /// <summary>Stable code (area.reason) when not succeeded, e.g. engine.start_failed.</summary>
    public string Code { get; init; } = "";

    /// <summary>What went wrong, in words an operator can act on.</summary>
    public string Message { get; init; } = "";

    /// <summary>The engine's own last log lines when the engine was the reason.</summary>
    public IReadOnlyList<string> LogLines { get; init; } = [];

    /// <summary>Named phases and how long each took, in milliseconds, for benchmarks and operators.</summary>
    public IReadOnlyDictionary<string, double> PhaseMilliseconds { get; init; } =
        new Dictionary<string, double>();

    /// <summary>How long writes were refused because of this request, in seconds; 0 for live changes.</summary>
    public double WriteOutageSeconds { get; init; }
}

public sealed record EngineLog
{
    public required IReadOnlyList<string> Lines { get; init; }
}

/// <summary>Name → value; units are part of the name (e.g. connections_current, wal_bytes_total).</summary>
public sealed record EngineMetrics
{
    public required IReadOnlyDictionary<string, double> Values { get; init; }
}

/// <summary>Empty request body.</summary>
public sealed record EmptyRequest;
