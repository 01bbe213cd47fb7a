using Dbaas.Control.Instances.Rows;
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
                if (row.OperationId != context.Operation.ToString())
                {
                    return; // finished before a crash; the instance may belong to the next operation by now
                }

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
                if (row.ActualStorageGib == 0)
                {
                    row.ActualStorageGib = spec.StorageGib; // made with this size; later only a growth changes it
                }

                row.ImageId = state.ImageId.Length > 0 ? state.ImageId : row.ImageId;
                row.Pending = PendingOf(state, row, now);
                if (row.Pending.Count == 0)
                {
                    row.Arrived = spec;
                }

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

                    machine.Cpu = spec.Cpu;
                    // While a smaller size waits for its restart, the machine still takes what it had.
                    if (state.PendingRestart.Count == 0)
                    {
                        machine.MemoryBytes = spec.MemoryBytes();
                    }
                }

                foreach (var volume in parts.Volumes)
                {
                    volume.State = "open";
                    volume.SizeBytes = Math.Max(
                        row.ActualStorageGib * (1L << 30),
                        spec.StorageBytes()
                    );
                }

                await usage.SetAsync(
                    transaction,
                    context.Tenant,
                    state.Instance,
                    new UsageLevel(
                        row.Region,
                        true,
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

    private static List<PendingChange> PendingOf(
        InstanceState state,
        InstanceRow row,
        DateTimeOffset now
    )
    {
        var spec = row.Spec;
        DateTimeOffset? due =
            spec.ChangePolicy == "window"
                ? MaintenanceWindows.Next(spec.MaintenanceWindow, now)
                : null;
        var pending = state
            .PendingRestart.Order(StringComparer.Ordinal)
            .Select(name => new PendingChange(
                spec.Parameters.ContainsKey(name) ? Pointers.Of("parameters", name) : "/memoryGib",
                $"{name} takes effect with a restart of the engine.",
                due
            ))
            .DistinctBy(change => (change.Property, change.Reason))
            .ToList();
        if (row.ActualStorageGib < spec.StorageGib)
        {
            pending.Add(PendingGrowth(spec, now));
        }

        if (VersionFloor.Behind(row.ActualVersion, spec.EngineVersion))
        {
            pending.Add(PendingImage(spec, now));
        }

        return pending;
    }

    /// <summary>Waits for the window under every policy, as a growth does.</summary>
    public static PendingChange PendingImage(InstanceSpec spec, DateTimeOffset now) =>
        new(
            PendingChange.Image,
            "The engine moves to a newer image while it is stopped.",
            MaintenanceWindows.Next(spec.MaintenanceWindow, now)
        );

    /// <summary>Waits for the window under every policy: it was asked for under <c>window</c>, and no restart brings it.</summary>
    public static PendingChange PendingGrowth(InstanceSpec spec, DateTimeOffset now) =>
        new(
            PendingChange.Growth,
            "The host grows a volume only while the engine is stopped.",
            MaintenanceWindows.Next(spec.MaintenanceWindow, now)
        );
}
