using Dbaas.Control.Keys;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Agent;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The engine takes the next password.</summary>
internal sealed class ApplyPassword(
    InstanceStore store,
    MemberSpecs specs,
    AgentCalls agents,
    ICredentialVault vault,
    StartEngine startEngine
) : InstanceStep
{
    public override string Name => "apply-password";

    public override Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => ApplyAsync(state, context, SecretNames.NextAdmin, cancellationToken);

    /// <summary>Whatever password is handed out must be the one that opens the database.</summary>
    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => ApplyAsync(state, context, SecretNames.Admin, cancellationToken);

    private async Task<InstanceState> ApplyAsync(
        InstanceState state,
        StepContext context,
        string secret,
        CancellationToken cancellationToken
    )
    {
        if (context.Attempt > 1)
        {
            state = await startEngine.ReviveAsync(state, context, cancellationToken);
        }

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
                secrets[secret],
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
