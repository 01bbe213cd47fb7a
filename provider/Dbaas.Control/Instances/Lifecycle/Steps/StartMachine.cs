using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Starts each machine; its address may be another one than before.</summary>
internal sealed class StartMachine(MachineDrivers drivers) : InstanceStep
{
    public override string Name => "start-machine";

    public override Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        EachAsync(
            state,
            async member =>
            {
                var status = await drivers
                    .For(state.Region)
                    .StartMachineAsync(
                        member.Host,
                        new MachineRequest
                        {
                            MachineId = member.Machine.ToString(),
                            Epoch = state.Epoch,
                        },
                        cancellationToken
                    );
                return member with
                {
                    Address = status.Address.Length > 0 ? status.Address : member.Address,
                };
            }
        );

    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        EachAsync(
            state,
            member =>
                drivers
                    .For(state.Region)
                    .StopMachineAsync(
                        member.Host,
                        new StopMachineRequest
                        {
                            MachineId = member.Machine.ToString(),
                            Epoch = state.Epoch,
                            GraceSeconds = 1,
                        },
                        cancellationToken
                    )
        );
}
