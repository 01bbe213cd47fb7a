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
            await SetAsync(
                drivers,
                state,
                spec.Cpu,
                Math.Max(parts.MemoryBytes, spec.MemoryBytes()),
                cancellationToken
            );
        }

        return state;
    }

    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        state.Before is { } before
            ? SetAsync(drivers, state, before.Cpu, state.MemoryBackTo(before), cancellationToken)
            : Task.CompletedTask;

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
