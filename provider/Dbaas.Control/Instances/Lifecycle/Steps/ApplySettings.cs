using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Settings, databases and roles, live. What needs a restart is written and reported, not done.</summary>
internal sealed class ApplySettings(
    InstanceStore store,
    MemberSpecs specs,
    AgentCalls agents,
    EngineCatalogue engines,
    StartEngine startEngine
) : InstanceStep
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
        if (!parts.Instance.ShouldRun)
        {
            return state;
        }

        if (context.Attempt > 1)
        {
            state = await startEngine.ReviveAsync(state, context, cancellationToken);
        }

        return await ApplyAsync(state, parts, parts.Instance.Spec, cancellationToken);
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

        // What waited before this operation waits again after it; only what the engine is known to run with is sure to start.
        var row = parts.Instance;
        var sure = row.WithoutPending(before);
        // An engine that the new settings have ended takes no settings any more: it is started with those it had.
        var after =
            context.Attempt > 1
                ? await startEngine.EnsureAsync(state, sure, context, cancellationToken)
                : state;
        after = await ApplyAsync(after, parts, before, cancellationToken);
        var engine = engines.Get(row.Engine);
        var waited = InstanceChanges.RestartSettings(sure, before, engine);
        // Only an operation that might restart the engine has to restart it on its way back, and only for settings it brought: going
        // back to the very ones that failed gains nothing.
        var restarts =
            (
                state.RestartAllowed
                || state.StoppedToGrowAt is not null
                || row.Spec.ChangePolicy == "immediate"
            )
            && InstanceChanges.RestartSettings(before, row.Spec, engine).Count > 0;
        if (!restarts || !after.PendingRestart.Except(waited).Any())
        {
            return;
        }

        // Restarting with settings that still wait could fail again, and undoing never gives up.
        after = await ApplyAsync(after, parts, sure, cancellationToken);
        if (after.PendingRestart.Count > 0)
        {
            after = await RestartEngine.RestartAsync(agents, after, Deadline, cancellationToken);
        }

        if (waited.Count > 0)
        {
            await ApplyAsync(after, parts, before, cancellationToken);
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
