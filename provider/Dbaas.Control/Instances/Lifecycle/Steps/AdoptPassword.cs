using Dbaas.Control.Keys;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>From here on the next password is the one that is handed out.</summary>
internal sealed class AdoptPassword(InstanceStore store, ICredentialVault vault) : InstanceStep
{
    public override string Name => "adopt-password";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        var secrets = MemberSpecs.Value(
            await vault.ReadAsync(row.TenantId, row.InstanceId, cancellationToken)
        );
        MemberSpecs.Value(
            await vault.ReplaceAsync(
                row.TenantId,
                row.InstanceId,
                row.KeyId,
                SecretNames.Admin,
                secrets[SecretNames.NextAdmin],
                cancellationToken
            )
        );
        return state;
    }
}
