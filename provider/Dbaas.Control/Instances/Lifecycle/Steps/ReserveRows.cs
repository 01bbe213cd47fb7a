using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Usage;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// The rows of a new instance are written with the request itself; this step stands for them, so that a create that is taken back
/// ends by giving name, address and capacity free.
/// </summary>
internal sealed class ReserveRows(InstanceStore store, UsageMeter usage, TimeProvider time)
    : InstanceStep
{
    public override string Name => "reserve";

    public override Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.FromResult(state);

    public override Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => ReleaseAsync(store, usage, time, state, context, null, cancellationToken);

    /// <summary>
    /// Marks every row deleted: the name is free again, nothing counts against capacity. Repeated it does nothing, so
    /// <paramref name="proof"/>, written in the same transaction, is written once.
    /// </summary>
    public static Task ReleaseAsync(
        InstanceStore store,
        UsageMeter usage,
        TimeProvider time,
        InstanceState state,
        StepContext context,
        Func<InstanceParts, MetadataTransaction, Task>? proof,
        CancellationToken cancellationToken
    ) =>
        store.ChangeAsync(
            context.Tenant,
            state.Instance,
            async (parts, transaction) =>
            {
                var now = time.GetUtcNow();
                parts.Instance.DeletedAt = now;
                parts.Instance.UpdatedAt = now;
                parts.Instance.OperationId = null;
                parts.Instance.ShouldRun = false;
                parts.Endpoint.DeletedAt = now;
                foreach (var member in parts.Members)
                {
                    member.DeletedAt = now;
                }

                foreach (var machine in parts.Machines)
                {
                    machine.DeletedAt = now;
                }

                foreach (var volume in parts.Volumes)
                {
                    volume.DeletedAt = now;
                }

                if (proof is not null)
                {
                    await proof(parts, transaction);
                }

                await usage.EndAsync(
                    transaction,
                    context.Tenant,
                    state.Instance,
                    cancellationToken
                );
            },
            cancellationToken
        );
}
