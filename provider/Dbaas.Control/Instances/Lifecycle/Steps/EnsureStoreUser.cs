using Dbaas.Control.Keys;
using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>A user of the region's store that reaches this instance's prefix and no other.</summary>
internal sealed class EnsureStoreUser(
    MachineDrivers drivers,
    InstanceStore store,
    MemberSpecs specs,
    ICredentialVault vault
) : InstanceStep
{
    public override string Name => "ensure-store-user";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var row = parts.Instance;
        var secrets = MemberSpecs.Value(
            await vault.EnsureAsync(
                row.TenantId,
                row.InstanceId,
                row.KeyId,
                SecretNames.Draw,
                cancellationToken
            )
        );
        await specs.EnsureStoreUserAsync(
            parts,
            state.Members[0],
            secrets[SecretNames.Store],
            cancellationToken
        );
        return state;
    }

    public override async Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            await store.FindPartsAsync(context.Tenant, state.Instance, cancellationToken) is
            { } parts
        )
        {
            await RemoveAsync(drivers, parts, state, cancellationToken);
        }
    }

    public static Task RemoveAsync(
        MachineDrivers drivers,
        InstanceParts parts,
        InstanceState state,
        CancellationToken cancellationToken
    ) =>
        drivers
            .For(state.Region)
            .RemoveStoreUserAsync(
                state.Members[0].Host,
                new RemoveStoreUserRequest
                {
                    Owner = MemberSpecs.OwnerOf(parts, null),
                    Cluster = parts.Instance.Cluster,
                },
                cancellationToken
            );
}
