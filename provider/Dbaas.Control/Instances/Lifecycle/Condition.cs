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

    /// <summary>How long the status still tells of something that happened once.</summary>
    public static readonly TimeSpan Told = TimeSpan.FromHours(1);

    private const string Memory =
        "The kernel ended a process of the engine because the machine's memory was used up. Lower the parameters that take memory for each session, or raise memoryGib.";

    public static IReadOnlyList<string> Kinds { get; } =
    [OutOfMemory, EngineRestarted, VolumeFull, StorageSlow, Unhealthy];

    /// <summary>Judges what agent and host say; pure.</summary>
    /// <param name="health">The agent's word; null when it said nothing.</param>
    /// <param name="kills">Processes that the kernel ended for their memory since the last look.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when there is nothing to tell.</returns>
    public static Condition? Of(AgentHealth? health, long kills, DateTimeOffset now)
    {
        var code = health?.FailureCode ?? "";
        var since = health?.FailureSince ?? now;
        var lasts = AgentFailures.Lasts(code);
        if (kills > 0 && !lasts)
        {
            // The host counts such kills; the agent sees only that a process ended.
            return code == AgentFailures.OutOfMemory
                ? new(OutOfMemory, health!.Failure, since, false)
                : new(OutOfMemory, $"{Memory} {health?.Failure}".Trim(), since, false);
        }

        return health is null || health.Failure.Length == 0 || (!lasts && now - since > Told)
            ? null
            : new(KindOf(code), health.Failure, since, lasts);
    }

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
