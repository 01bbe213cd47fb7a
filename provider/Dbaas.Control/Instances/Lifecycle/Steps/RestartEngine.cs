using Dbaas.Control.Operations;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Restarts the engine in order when settings wait for it and the policy allows it now.</summary>
internal class RestartEngine(InstanceStore store, AgentCalls agents, StartEngine startEngine)
    : InstanceStep
{
    public override string Name => "restart-engine";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(3);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        var wanted =
            state.PendingRestart.Count > 0
            && (state.RestartAllowed || row.Spec.ChangePolicy == "immediate");
        if (!row.ShouldRun || !(Always || wanted))
        {
            return state;
        }

        if (context.Attempt > 1)
        {
            state = await startEngine.ReviveAsync(state, context, cancellationToken);
        }

        return await RestartAsync(agents, state, Deadline, cancellationToken);
    }

    /// <summary>Whether to restart although nothing waits for it.</summary>
    protected virtual bool Always => false;

    public static async Task<InstanceState> RestartAsync(
        AgentCalls agents,
        InstanceState state,
        TimeSpan deadline,
        CancellationToken cancellationToken
    )
    {
        var outage = state.WriteOutageSeconds;
        foreach (var member in state.Members)
        {
            var result = await agents.ChangeAsync(
                state,
                member,
                AgentPaths.Restart,
                new EmptyRequest(),
                AgentJson.Default.EmptyRequest,
                deadline,
                cancellationToken
            );
            outage = Math.Max(outage, result.WriteOutageSeconds);
        }

        return state with
        {
            PendingRestart = [],
            WriteOutageSeconds = outage,
        };
    }
}
