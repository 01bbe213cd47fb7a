using Dbaas.Control.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>What all operations on instances share: their state, and what the instance says when one fails.</summary>
internal abstract class InstanceWorkflow(InstanceStore store, TimeProvider time)
    : Workflow<InstanceState>(InstanceJson.Default.InstanceState)
{
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
                parts.Instance.Status = InstanceStatuses.Failed;
                parts.Instance.StatusReason = reason.Detail;
                parts.Instance.OperationId = null;
                parts.Instance.UpdatedAt = time.GetUtcNow();
                return Task.CompletedTask;
            },
            cancellationToken
        );
}
