using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Removes each member's machine with its network and cgroup.</summary>
internal sealed class DestroyMachine(MachineDrivers drivers) : InstanceStep
{
    public override string Name => "destroy-machine";

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
                    .DestroyMachineAsync(
                        member.Host,
                        new MachineRequest
                        {
                            MachineId = member.Machine.ToString(),
                            Epoch = state.Epoch,
                        },
                        cancellationToken
                    )
        );
        return state;
    }
}
