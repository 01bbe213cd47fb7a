using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Stops the engine in order (checkpoint, then shutdown), then its machine. The host asks the agent first.</summary>
internal sealed class StopMachine(MachineDrivers drivers) : InstanceStep
{
    private const int GraceSeconds = 60;

    public override string Name => "stop-engine";

    public override TimeSpan Deadline => TimeSpan.FromSeconds(GraceSeconds + 30);

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
                    .StopMachineAsync(
                        member.Host,
                        new StopMachineRequest
                        {
                            MachineId = member.Machine.ToString(),
                            Epoch = state.Epoch,
                            GraceSeconds = GraceSeconds,
                        },
                        cancellationToken
                    )
        );
        return state;
    }
}
