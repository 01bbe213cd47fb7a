using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>What agent and host say of one instance at one look, put together.</summary>
/// <param name="Now">What is wrong now; null when nothing is.</param>
/// <param name="Past">What happened lately, the oldest first.</param>
/// <param name="Kills">The kills as far as they are explained after this look.</param>
internal sealed record Findings(Condition? Now, IReadOnlyList<Condition> Past, KillSpan? Kills)
{
    /// <summary>Pure.</summary>
    /// <param name="health">The agent's word.</param>
    /// <param name="kills">What the host counted; null for none.</param>
    /// <param name="now">The time.</param>
    public static Findings Of(AgentHealth health, KillSpan? kills, DateTimeOffset now)
    {
        var condition = Condition.Of(health, kills, now);
        var past = Condition.Past(health, kills, now);
        if (kills is not { To: null })
        {
            return new(condition, past, kills);
        }

        var done = past.Append(condition)
            .OfType<Condition>()
            .Where(one => !one.Lasts && kills.Explains(one.Since))
            .ToList();
        return done.Count > 0 ? new(condition, past, kills with { To = done.Max(one => one.Since) })
            : health.Engine == "running" && now - kills.From > KillSpan.Patience
                ? new(condition, [.. past, Condition.Killed(kills.From)], null)
            : new(condition, past, kills);
    }
}
