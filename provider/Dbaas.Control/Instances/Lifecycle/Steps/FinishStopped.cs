using Dbaas.Control.Operations;
using Dbaas.Control.Usage;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The instance is stopped; it pays for its volume alone.</summary>
internal sealed class FinishStopped(InstanceStore store, UsageMeter usage, TimeProvider time)
    : InstanceStep
{
    public override string Name => "finish";

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        await store.ChangeAsync(
            context.Tenant,
            state.Instance,
            async (parts, transaction) =>
            {
                var row = parts.Instance;
                if (row.OperationId != context.Operation.ToString())
                {
                    return; // finished before a crash; the instance may belong to the next operation by now
                }

                var spec = row.Spec;
                row.Status = InstanceStatuses.Stopped;
                // Stopped without the user having asked for it: why stays to be read.
                row.StatusReason = row.ShouldRun ? row.StatusReason : "";
                row.OperationId = null;
                row.UpdatedAt = time.GetUtcNow();
                // A move to another image needs no running engine: the next start is from it.
                row.ImageId = state.ImageId.Length > 0 ? state.ImageId : row.ImageId;
                row.Pending =
                    row.ActualStorageGib < spec.StorageGib
                        ? [FinishRunning.PendingGrowth(spec, row.UpdatedAt)]
                        : []; // the next start takes all settings up
                parts.Endpoint.State = "closed";
                foreach (var member in parts.Members)
                {
                    member.Status = InstanceStatuses.Stopped;
                }

                foreach (var machine in parts.Machines)
                {
                    machine.State = "stopped";
                    machine.ImageId = row.ImageId;
                    machine.Cpu = spec.Cpu;
                    machine.MemoryBytes = spec.MemoryBytes();
                }

                foreach (var volume in parts.Volumes)
                {
                    volume.State = "closed";
                    volume.SizeBytes = Math.Max(volume.SizeBytes, spec.StorageBytes());
                }

                await usage.SetAsync(
                    transaction,
                    context.Tenant,
                    state.Instance,
                    new UsageLevel(
                        row.Region,
                        false,
                        spec.Cpu,
                        spec.MemoryGib,
                        row.ActualStorageGib
                    ),
                    cancellationToken
                );
            },
            cancellationToken
        );
        return state;
    }
}
