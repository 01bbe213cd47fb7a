using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// CPU at once; memory only upwards. An engine that still holds the old amount would be killed by a lower limit, so less memory comes
/// after the restart (<see cref="SettleMachine"/>).
/// </summary>
internal sealed class ResizeMachine(MachineDrivers drivers, InstanceStore store) : InstanceStep
{
    public override string Name => "resize-machine";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var spec = parts.Instance.Spec;
        var before = state.Before ?? spec;
        if (before.Cpu != spec.Cpu || before.MemoryGib != spec.MemoryGib)
        {
            // The books say what it has and what this change adds; several smaller sizes may wait one after the other by now.
            var memory = parts.Machines.Max(machine => machine.MemoryBytes);
            await SetAsync(
                drivers,
                state,
                spec.Cpu,
                Math.Max(memory, spec.MemoryBytes()),
                cancellationToken
            );
        }

        return state;
    }

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
        await SetAsync(drivers, state, before.Cpu, MemoryBefore(state, row), cancellationToken);
    }

    /// <summary>Bytes of memory that an operation which is taken back leaves each machine with.</summary>
    public static long MemoryBefore(InstanceState state, InstanceRow row) =>
        state.MemoryBytesBefore ?? row.MemoryOf(state.Before ?? row.Spec);

    public static Task SetAsync(
        MachineDrivers drivers,
        InstanceState state,
        double cpu,
        long memoryBytes,
        CancellationToken cancellationToken
    ) =>
        EachAsync(
            state,
            member =>
                drivers
                    .For(state.Region)
                    .ResizeMachineAsync(
                        member.Host,
                        new ResizeMachineRequest
                        {
                            MachineId = member.Machine.ToString(),
                            Epoch = state.Epoch,
                            Cpu = cpu,
                            MemoryBytes = memoryBytes,
                        },
                        cancellationToken
                    )
        );
}
