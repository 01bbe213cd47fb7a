namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// The time in which the kernel ended processes for their memory, as the host's count says. The agent notices what came of it later: a
/// server that is killed has to be back first.
/// </summary>
/// <param name="From">The last look that did not see the kills yet.</param>
/// <param name="To">When the agent says that the last of what they did happened; null until it says so.</param>
internal sealed record KillSpan(DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>How long an agent that serves again may take to say what a kill did, before it did nothing to the engine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Clocks of hosts may differ by so much.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(5);

    /// <summary>Whether the kills are the cause of what happened then.</summary>
    public bool Explains(DateTimeOffset happened) =>
        happened >= From - s_skew && (To is null || happened <= To);
}
