using Dbaas.Control.Operations;
using Dbaas.Control.Usage;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// What is desired is written with the request itself; this step stands for it, so that a change that is taken back ends with the old
/// specification and an instance that is free for the next operation.
/// </summary>
internal sealed class BeginUpdate(InstanceStore store, UsageMeter usage, TimeProvider time)
    : InstanceStep
{
    public override string Name => "begin";

    public override Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.FromResult(state);

    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        store.ChangeAsync(
            context.Tenant,
            state.Instance,
            async (parts, transaction) =>
            {
                var row = parts.Instance;
                if (
                    row.OperationId != context.Operation.ToString()
                    || state.Before is not { } before
                )
                {
                    return; // taken back already
                }

                row.Spec = before;
                row.Name = before.Name;
                row.Generation++; // agents took the new specification with the old number; the next must be higher
                row.Status = row.ShouldRun ? InstanceStatuses.Available : InstanceStatuses.Stopped;
                row.OperationId = null;
                row.UpdatedAt = time.GetUtcNow();
                foreach (var machine in parts.Machines)
                {
                    machine.Cpu = before.Cpu;
                    machine.MemoryBytes = before.MemoryBytes();
                }

                await usage.SetAsync(
                    transaction,
                    context.Tenant,
                    state.Instance,
                    new UsageLevel(
                        row.Region,
                        row.ShouldRun,
                        before.Cpu,
                        before.MemoryGib,
                        Math.Max(before.StorageGib, row.ActualStorageGib)
                    ),
                    cancellationToken
                );
            },
            cancellationToken
        );
}
