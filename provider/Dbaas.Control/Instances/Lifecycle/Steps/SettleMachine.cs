using Dbaas.Control.Machines;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The exact size at last, once the engine no longer holds what it had before.</summary>
internal sealed class SettleMachine(MachineDrivers drivers, InstanceStore store) : InstanceStep
{
    public override string Name => "settle-machine";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var spec = parts.Instance.Spec;
        var differs = parts.Machines.Any(machine =>
            machine.MemoryBytes != spec.MemoryBytes() || machine.Cpu != spec.Cpu
        );
        if (differs && state.PendingRestart.Count == 0)
        {
            await ResizeMachine.SetAsync(
                drivers,
                state,
                spec.Cpu,
                spec.MemoryBytes(),
                cancellationToken
            );
        }

        return state;
    }
}
