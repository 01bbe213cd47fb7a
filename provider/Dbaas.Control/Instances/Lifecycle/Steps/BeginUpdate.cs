using Dbaas.Control.Audit;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Usage;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// What is desired is written with the request itself; this step stands for it, so that a change that is taken back ends with the old
/// specification and an instance that is free for the next operation.
/// </summary>
internal sealed class BeginUpdate(
    InstanceStore store,
    ResizeMachine resize,
    UsageMeter usage,
    IEventWriter events,
    TimeProvider time
) : InstanceStep
{
    public override string Name => "begin";

    public override Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.FromResult(state);

    public override async Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        // What waited may have been memory that a machine had no longer to hold; when it failed before it was resized, nobody else does it.
        if (
            state.MemoryBytesBefore is null
            && (await store.ReadAsync(context.Tenant, state.Instance, cancellationToken))
                .Instance
                .OperationId == context.Operation.ToString()
        )
        {
            await resize.UndoAsync(state, context, cancellationToken);
        }

        await TakeBackAsync(state, context, cancellationToken);
    }

    private Task TakeBackAsync(
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

                if (
                    before.Name != row.Name
                    && await IsTakenAsync(transaction, row, before.Name, cancellationToken)
                )
                {
                    // Free since the change began, and another instance has it by now: this one keeps its new name.
                    before = before with
                    {
                        Name = row.Name,
                    };
                }

                var memory = state.MemoryBackTo(before);
                row.Spec = before;
                row.Name = before.Name;
                row.Generation++; // agents took the new specification with the old number; the next must be higher
                row.Status = row.ShouldRun ? InstanceStatuses.Available : InstanceStatuses.Stopped;
                row.OperationId = null;
                if (row.ActualStorageGib >= before.StorageGib)
                {
                    // An earlier growth that waited for its window may have come with the one that is taken back.
                    row.Pending = [.. row.Pending.Where(change => !change.IsGrowth)];
                }

                row.Pending =
                [
                    .. row.Pending.SelectMany(change => Left(change, row, before, state)),
                ];
                row.UpdatedAt = time.GetUtcNow();
                if (state.RestartAllowed)
                {
                    await TellAsync(transaction, row, context, cancellationToken);
                }

                foreach (var machine in parts.Machines)
                {
                    machine.Cpu = before.Cpu;
                    machine.MemoryBytes = memory;
                }

                foreach (var volume in parts.Volumes)
                {
                    volume.SizeBytes = Math.Max(
                        before.StorageBytes(),
                        row.ActualStorageGib * (1L << 30)
                    );
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
                        row.ActualStorageGib
                    ),
                    cancellationToken
                );
            },
            cancellationToken
        );

    private static Task<bool> IsTakenAsync(
        TenantTransaction transaction,
        InstanceRow row,
        string name,
        CancellationToken cancellationToken
    ) =>
        transaction
            .Db.Set<InstanceRow>()
            .AnyAsync(
                other =>
                    other.TenantId == row.TenantId
                    && other.Name == name
                    && other.DeletedAt == null
                    && other.InstanceId != row.InstanceId,
                cancellationToken
            );

    // A move that failed in its window would fail again in the same window, with an outage each time.
    private static IEnumerable<PendingChange> Left(
        PendingChange change,
        InstanceRow row,
        InstanceSpec before,
        InstanceState state
    ) =>
        !change.IsImage ? [change]
        : !VersionFloor.Behind(row.ActualVersion, before.EngineVersion) ? []
        : state.MovesToImage
            ?
            [
                change with
                {
                    Reason =
                        "The move to a newer image failed and the old one was put back; the next change tries it again.",
                    DueAt = null,
                },
            ]
        : [change];

    /// <summary>
    /// What waited for its window has failed in it. It must not be tried again every few seconds while the window is open, so it waits no
    /// longer; where what ran before is not known, it waits for somebody.
    /// </summary>
    private async Task TellAsync(
        TenantTransaction transaction,
        InstanceRow row,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var operation = await transaction
            .Db.Set<OperationRow>()
            .AsNoTracking()
            .SingleAsync(
                op => op.TenantId == context.Tenant && op.OperationId == context.Operation,
                cancellationToken
            );
        var properties = string.Join(
            ", ",
            row.Pending.Select(change => change.Property).Distinct()
        );
        row.StatusReason =
            $"What waited for the maintenance window ({properties}) was taken back: {operation.Error?["detail"]}";
        row.Pending = row.Arrived is null
            ? [.. row.Pending.Select(change => change with { DueAt = null })]
            : [.. row.Pending.Where(change => change.IsImage)];
        await events.AppendAsync(
            transaction,
            new EventDraft("instance.pending_changes.taken_back", $"{row.Name}: {row.StatusReason}")
            {
                Severity = "error",
                Tenant = row.TenantId,
                Principal = context.RequestedBy,
                ResourceId = row.InstanceId.ToString(),
                OperationId = context.Operation.ToString(),
            },
            cancellationToken
        );
    }
}
