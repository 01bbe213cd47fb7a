using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>What people must know of a database that is available all the same.</summary>
/// <param name="Kind">Of the event; public, never renamed.</param>
/// <param name="Message">Cause and what to do, for the event and the instance's status.</param>
/// <param name="Since">When it happened or began, as the agent says.</param>
/// <param name="Lasts">Whether it is a state that ends, and not something that happened once.</param>
internal sealed record Condition(string Kind, string Message, DateTimeOffset Since, bool Lasts)
{
    public const string OutOfMemory = "instance.out_of_memory";
    public const string EngineRestarted = "instance.engine_restarted";
    public const string VolumeFull = "instance.volume_full";
    public const string StorageSlow = "instance.storage_slow";
    public const string Unhealthy = "instance.unhealthy";

    /// <summary>The end of one that lasted.</summary>
    public const string Ended = "instance.condition_ended";

    /// <summary>Those of <see cref="Kinds"/> that end.</summary>
    public static IReadOnlyList<string> Lasting { get; } = [VolumeFull, StorageSlow];

    /// <summary>How long the status still tells of something that happened once.</summary>
    public static readonly TimeSpan Told = TimeSpan.FromHours(1);

    /// <summary>How far back something that happened once is still worth an event of its own: the platform may have been away.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private const string Memory =
        "The kernel ended a process of the engine because the machine's memory was used up. Lower the parameters that take memory for each session, or raise memoryGib.";

    public static IReadOnlyList<string> Kinds { get; } =
    [OutOfMemory, EngineRestarted, VolumeFull, StorageSlow, Unhealthy];

    /// <summary>What an agent says is wrong now; pure.</summary>
    /// <param name="health">The agent's word; null when it said nothing.</param>
    /// <param name="kills">What the host counted.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when there is nothing to tell, or no longer.</returns>
    public static Condition? Of(AgentHealth? health, KillSpan? kills, DateTimeOffset now)
    {
        if (health is null || health.Failure.Length == 0)
        {
            return null;
        }

        var since = health.FailureSince ?? now;
        return AgentFailures.Lasts(health.FailureCode)
                ? new(KindOf(health.FailureCode), health.Failure, since, true)
            : now - since > Told ? null
            : Once(health.FailureCode, health.Failure, since, kills);
    }

    /// <summary>What happened within <see cref="Kept"/>, the oldest first, whether or not it still is what the agent says now; pure.</summary>
    public static IReadOnlyList<Condition> Past(
        AgentHealth? health,
        KillSpan? kills,
        DateTimeOffset now
    ) =>
        [
            .. (health?.Happened ?? [])
                .Where(happening => now - happening.At <= Kept)
                .Select(happening => Once(happening.Code, happening.Message, happening.At, kills)),
        ];

    /// <summary>A kill of which the agent knows nothing: of something beside the engine.</summary>
    public static Condition Killed(DateTimeOffset since) => new(OutOfMemory, Memory, since, false);

    // The host counts such kills; the agent sees only that a process ended.
    private static Condition Once(
        string code,
        string message,
        DateTimeOffset since,
        KillSpan? kills
    ) =>
        code != AgentFailures.OutOfMemory && kills?.Explains(since) == true
            ? new(OutOfMemory, $"{Memory} {message}", since, false)
            : new(KindOf(code), message, since, false);

    private static string KindOf(string code) =>
        code switch
        {
            AgentFailures.OutOfMemory => OutOfMemory,
            AgentFailures.Restarted => EngineRestarted,
            AgentFailures.VolumeFull => VolumeFull,
            AgentFailures.SlowStorage => StorageSlow,
            _ => Unhealthy,
        };
}
