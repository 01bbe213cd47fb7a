using Dbaas.Control.Audit;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <content>What happens after a failure: later again, or backwards.</content>
internal sealed partial class OperationRunner
{
    private Task<OperationRow> RetryLaterAsync(
        OperationRow row,
        int step,
        StepFailure failure,
        CancellationToken cancellationToken
    ) =>
        store.SaveAsync(
            row.TenantId,
            row.OperationId,
            step,
            (op, stepRow) =>
            {
                op.Attempts++;
                op.NextAttemptAt =
                    time.GetUtcNow()
                    + Backoff.After(
                        op.Attempts,
                        op.Direction == OperationStates.Undo,
                        Random.Shared.NextDouble()
                    );
                if (stepRow is not null)
                {
                    stepRow.Attempts = op.Attempts;
                    stepRow.Message = failure.Problem.Detail;
                }

                return Progress(
                    "operation.step.retry",
                    $"{op.CurrentStep} is tried again: {failure.Problem.Detail}",
                    op
                ) with
                {
                    Severity = "warning",
                };
            },
            cancellationToken
        );

    private Task<OperationRow> TurnBackAsync(
        OperationRow row,
        Problem reason,
        int from,
        CancellationToken cancellationToken
    ) =>
        store.SaveAsync(
            row.TenantId,
            row.OperationId,
            from,
            (op, stepRow) =>
            {
                op.State = OperationStates.Running;
                op.StartedAt ??= time.GetUtcNow();
                op.Direction = OperationStates.Undo;
                op.StepCursor = from;
                op.Attempts = 0;
                op.NextAttemptAt = null;
                op.Error = ErrorOf(op, reason);
                if (stepRow is not null && reason.Code != OperationProblems.Cancelled)
                {
                    stepRow.State = OperationStates.StepFailed;
                    stepRow.Message = reason.Detail;
                    stepRow.Attempts++;
                }

                return new EventDraft(
                    $"{op.Kind}.undoing",
                    $"{op.Kind} of {op.ResourceName} is being taken back: {reason.Detail}"
                )
                {
                    Severity = "warning",
                };
            },
            cancellationToken
        );

    private async Task<OperationRow> UndoAsync(
        OperationRow row,
        IWorkflow workflow,
        int step,
        CancellationToken cancellationToken
    )
    {
        var name = workflow.StepNames[step];
        try
        {
            using var deadline = new CancellationTokenSource(workflow.StepDeadline(step), time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken,
                deadline.Token
            );
            await workflow.UndoAsync(
                step,
                row.Memory.DeepClone(),
                ContextOf(row, row.Attempts + 1, step),
                both.Token
            );
        }
        catch (Exception exception)
            when (!cancellationToken.IsCancellationRequested && exception is not ClaimLostException)
        {
            // Giving up here would leave half a database behind, so undoing goes on until it succeeds.
            LogUndoFailed(exception, row.Kind, name, row.Attempts + 1);
            return await RetryLaterAsync(
                row,
                step,
                StepFailure.Of(exception, name),
                cancellationToken
            );
        }

        var saved = await store.SaveAsync(
            row.TenantId,
            row.OperationId,
            step,
            (op, stepRow) =>
            {
                op.StepCursor = step - 1;
                op.Attempts = 0;
                op.NextAttemptAt = null;
                op.CurrentStep = name;
                if (stepRow is not null && stepRow.State != OperationStates.StepFailed)
                {
                    stepRow.State = OperationStates.StepUndone;
                }

                return Progress("operation.step.undone", $"{name} is taken back.", op);
            },
            cancellationToken
        );
        crash.After(row.Kind, name, OperationStates.Undo);
        return saved;
    }
}
