using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Unmounts and forgets the key: a stopped instance can be read by nobody on the host.</summary>
internal sealed class CloseVolume(MachineDrivers drivers) : InstanceStep
{
    public override string Name => "close-volume";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        await EachAsync(
            state,
            member =>
                drivers
                    .For(state.Region)
                    .CloseVolumeAsync(
                        member.Host,
                        new CloseVolumeRequest
                        {
                            VolumeId = member.Volume.ToString(),
                            Epoch = state.Epoch,
                        },
                        cancellationToken
                    )
        );
        return state;
    }
}
