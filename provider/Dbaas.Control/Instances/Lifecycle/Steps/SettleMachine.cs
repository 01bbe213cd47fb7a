using Dbaas.Control.Machines;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The exact size at last, once the engine no longer holds what it had before.</summary>
internal sealed class SettleMachine(MachineDrivers drivers, InstanceStore store) : InstanceStep
{
    public override string Name => "settle-machine";

    // The engine gives memory back in its own time; until then the host refuses the lower limit.
    public override TimeSpan Deadline => TimeSpan.FromMinutes(2);

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

    /// <summary>
    /// The larger of both sizes again, before the steps ahead are taken back: an engine that gets its old settings under the new, lower
    /// limit is killed.
    /// </summary>
    public override async Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (state.Before is not { } before)
        {
            return;
        }

        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        var memory = state.MemoryBackTo(before);
        if (memory > row.Spec.MemoryBytes())
        {
            await ResizeMachine.SetAsync(drivers, state, before.Cpu, memory, cancellationToken);
        }
    }
}
