using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Operations;
using Dbaas.Control.Usage;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The last save of everything that ends with a running instance: what is desired has arrived.</summary>
internal sealed class FinishRunning(InstanceStore store, UsageMeter usage, TimeProvider time)
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
                var now = time.GetUtcNow();
                row.Status = InstanceStatuses.Available;
                row.StatusReason = "";
                row.ShouldRun = true;
                row.OperationId = null;
                row.UpdatedAt = now;
                row.AppliedGeneration = row.Generation;
                row.ActualVersion =
                    state.ActualVersion.Length > 0 ? state.ActualVersion : row.ActualVersion;
                row.ActualStorageGib = spec.StorageGib;
                row.ImageId = state.ImageId.Length > 0 ? state.ImageId : row.ImageId;
                row.Pending = PendingOf(state, spec, now);
                parts.Endpoint.State = "open";
                foreach (var member in parts.Members)
                {
                    member.Status = InstanceStatuses.Available;
                    member.ActualVersion = row.ActualVersion;
                }

                foreach (var machine in parts.Machines)
                {
                    machine.State = "running";
                    machine.Address = state
                        .Members.First(member => member.Machine == machine.MachineId)
                        .Address;
                    machine.ImageId = row.ImageId;

                    // While a smaller size waits for its restart, the machine still takes what it had.
                    if (state.PendingRestart.Count == 0)
                    {
                        machine.Cpu = spec.Cpu;
                        machine.MemoryBytes = spec.MemoryBytes();
                    }
                }

                foreach (var volume in parts.Volumes)
                {
                    volume.State = "open";
                    volume.SizeBytes = spec.StorageBytes();
                }

                await usage.SetAsync(
                    transaction,
                    context.Tenant,
                    state.Instance,
                    new UsageLevel(row.Region, true, spec.Cpu, spec.MemoryGib, spec.StorageGib),
                    cancellationToken
                );
            },
            cancellationToken
        );
        return state;
    }

    private static IReadOnlyList<PendingChange> PendingOf(
        InstanceState state,
        InstanceSpec spec,
        DateTimeOffset now
    )
    {
        DateTimeOffset? due =
            spec.ChangePolicy == "window"
                ? MaintenanceWindows.Next(spec.MaintenanceWindow, now)
                : null;
        return
        [
            .. state
                .PendingRestart.Order(StringComparer.Ordinal)
                .Select(name => new PendingChange(
                    spec.Parameters.ContainsKey(name)
                        ? Pointers.Of("parameters", name)
                        : "/memoryGib",
                    $"{name} takes effect with a restart of the engine.",
                    due
                ))
                .DistinctBy(change => (change.Property, change.Reason)),
        ];
    }
}
