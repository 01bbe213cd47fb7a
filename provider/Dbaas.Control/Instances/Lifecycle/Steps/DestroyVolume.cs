using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The host drops its key first, then the data.</summary>
internal sealed class DestroyVolume(MachineDrivers drivers) : InstanceStep
{
    public override string Name => "destroy-volume";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(1);

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
                    .DestroyVolumeAsync(
                        member.Host,
                        new DestroyVolumeRequest
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
