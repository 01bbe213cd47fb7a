using Dbaas.Control.Operations;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Settings, databases and roles, live. What needs a restart is written and reported, not done.</summary>
internal sealed class ApplySettings(InstanceStore store, MemberSpecs specs, AgentCalls agents)
    : InstanceStep
{
    public override string Name => "apply-settings";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        return parts.Instance.ShouldRun
            ? await ApplyAsync(state, parts, parts.Instance.Spec, cancellationToken)
            : state;
    }

    public override async Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        if (!parts.Instance.ShouldRun || state.Before is not { } before)
        {
            return;
        }

        var after = await ApplyAsync(state, parts, before, cancellationToken);
        if (after.PendingRestart.Count > 0)
        {
            await RestartEngine.RestartAsync(agents, after, Deadline, cancellationToken);
        }
    }

    private async Task<InstanceState> ApplyAsync(
        InstanceState state,
        InstanceParts parts,
        InstanceSpec wanted,
        CancellationToken cancellationToken
    )
    {
        var pending = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in state.Members)
        {
            var spec = await specs.BuildAsync(parts, member, wanted, null, cancellationToken);
            var result = await agents.ChangeAsync(
                state,
                member,
                AgentPaths.Apply,
                spec,
                AgentJson.Default.MemberSpec,
                Deadline,
                cancellationToken
            );
            pending.UnionWith(result.PendingRestart);
        }

        return state with
        {
            PendingRestart = [.. pending],
        };
    }
}
