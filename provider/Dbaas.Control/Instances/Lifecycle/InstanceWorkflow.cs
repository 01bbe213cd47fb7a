using Dbaas.Control.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>What all operations on instances share: their state, and what the instance says when one fails.</summary>
internal abstract class InstanceWorkflow(InstanceStore store, TimeProvider time)
    : Workflow<InstanceState>(InstanceJson.Default.InstanceState)
{
    /// <summary>
    /// An instance names the operation that works on it until the last step has saved its arrival, or the first one that all was taken
    /// back. From then on an undo would take away what serves, maybe from the next operation.
    /// </summary>
    protected override async Task<bool> MayUndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        await store.OwnerAsync(context.Tenant, state.Instance, cancellationToken)
            is { Exists: true } owner
        && owner.Operation == context.Operation.ToString();

    protected override async Task<bool> HasArrivedAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        await store.OwnerAsync(context.Tenant, state.Instance, cancellationToken)
            is { Exists: true } owner
        && owner.Operation != context.Operation.ToString();

    protected override Task OnFailedAsync(
        InstanceState state,
        Problem reason,
        StepContext context,
        CancellationToken cancellationToken
    ) =>
        store.ChangeAsync(
            context.Tenant,
            state.Instance,
            (parts, _) =>
            {
                if (parts.Instance.OperationId != context.Operation.ToString())
                {
                    return Task.CompletedTask; // said so before a crash; the next operation may be at work
                }

                parts.Instance.Status = InstanceStatuses.Failed;
                parts.Instance.StatusReason = reason.Detail;
                parts.Instance.OperationId = null;
                parts.Instance.UpdatedAt = time.GetUtcNow();
                return Task.CompletedTask;
            },
            cancellationToken
        );
}
