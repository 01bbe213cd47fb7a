using Dbaas.Control.Keys;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The engine takes the next password.</summary>
internal sealed class ApplyPassword(
    InstanceStore store,
    MemberSpecs specs,
    AgentCalls agents,
    ICredentialVault vault
) : InstanceStep
{
    public override string Name => "apply-password";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var row = parts.Instance;
        var secrets = MemberSpecs.Value(
            await vault.ReadAsync(row.TenantId, row.InstanceId, cancellationToken)
        );
        foreach (var member in state.Members)
        {
            var spec = await specs.BuildAsync(
                parts,
                member,
                row.Spec,
                secrets[SecretNames.NextAdmin],
                cancellationToken
            );
            var result = await agents.ChangeAsync(
                state,
                member,
                AgentPaths.Apply,
                spec,
                AgentJson.Default.MemberSpec,
                Deadline,
                cancellationToken
            );
            state = state with { PendingRestart = result.PendingRestart };
        }

        return state;
    }
}
