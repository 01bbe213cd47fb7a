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
                var spec = row.Spec;
                row.Status = InstanceStatuses.Stopped;
                row.StatusReason = "";
                row.OperationId = null;
                row.UpdatedAt = time.GetUtcNow();
                row.ActualStorageGib = Math.Max(row.ActualStorageGib, spec.StorageGib);
                row.Pending = []; // the next start takes everything up
                parts.Endpoint.State = "closed";
                foreach (var member in parts.Members)
                {
                    member.Status = InstanceStatuses.Stopped;
                }

                foreach (var machine in parts.Machines)
                {
                    machine.State = "stopped";
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
                    new UsageLevel(row.Region, false, spec.Cpu, spec.MemoryGib, spec.StorageGib),
                    cancellationToken
                );
            },
            cancellationToken
        );
        return state;
    }
}
