using Dbaas.Control.Keys;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Draws the next password in a step of its own, so that a repeated <see cref="ApplyPassword"/> sets the same one.</summary>
internal sealed class DrawPassword(InstanceStore store, ICredentialVault vault) : InstanceStep
{
    public override string Name => "draw-password";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        MemberSpecs.Value(
            await vault.ReplaceAsync(
                row.TenantId,
                row.InstanceId,
                row.KeyId,
                SecretNames.NextAdmin,
                Passwords.Draw(),
                cancellationToken
            )
        );
        return state;
    }
}
