using Dbaas.Control.Machines;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Nobody reaches the instance any more.</summary>
internal sealed class CloseEndpoint(MachineDrivers drivers) : InstanceStep
{
    public override string Name => "close-endpoint";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        await OpenEndpoint.RemoveAsync(drivers, state, cancellationToken);
        return state;
    }
}
