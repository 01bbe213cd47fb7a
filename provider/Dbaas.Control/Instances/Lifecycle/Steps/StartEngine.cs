using Dbaas.Control.Operations;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The agent initialises an empty volume, or starts what lies on it, and converges it to the specification.</summary>
internal sealed class StartEngine(InstanceStore store, MemberSpecs specs, AgentCalls agents)
    : InstanceStep
{
    public override string Name => "start-engine";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(3);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        foreach (var member in state.Members)
        {
            var spec = await specs.BuildAsync(
                parts,
                member,
                parts.Instance.Spec,
                null,
                cancellationToken
            );
            var result = await agents.ChangeAsync(
                state,
                member,
                AgentPaths.Start,
                spec,
                AgentJson.Default.MemberSpec,
                Deadline,
                cancellationToken
            );
            state = state with
            {
                ActualVersion =
                    result.Health.ActualVersion.Length > 0
                        ? result.Health.ActualVersion
                        : state.ActualVersion,
                PendingRestart = result.PendingRestart,
                PhaseMilliseconds = result.PhaseMilliseconds,
            };
        }

        return state;
    }
}
