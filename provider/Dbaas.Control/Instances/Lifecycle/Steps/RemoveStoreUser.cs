using Dbaas.Control.Machines;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Nothing of the instance stays in the region's store.</summary>
internal sealed class RemoveStoreUser(MachineDrivers drivers, InstanceStore store) : InstanceStep
{
    public override string Name => "remove-store-user";

    public override async Task<InstanceState> DoAsync(
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
            await EnsureStoreUser.RemoveAsync(drivers, parts, state, cancellationToken);
        }

        return state;
    }
}
