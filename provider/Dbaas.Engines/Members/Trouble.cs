using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Members;

/// <summary>What is wrong with a member, or went wrong last.</summary>
/// <param name="Code">One of <see cref="AgentFailures"/>; empty when nothing is.</param>
/// <param name="Message">In words, with what to do.</param>
/// <param name="Since">When it happened or began.</param>
internal sealed record Trouble(string Code, string Message, DateTimeOffset? Since)
{
    public static Trouble None { get; } = new("", "", null);
}
