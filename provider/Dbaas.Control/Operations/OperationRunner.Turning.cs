using Dbaas.Control.Audit;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <content>What happens after a failure: later again, or backwards.</content>
internal sealed partial class OperationRunner
{
    private async Task<OperationRow> FailedAsync(
        OperationRow row,
        IWorkflow workflow,
        int step,
        StepFailure failure,
        Exception exception,
        TimeSpan took,
        CancellationToken cancellationToken
    )
    {
        var name = workflow.StepNames[step];
        var now = time.GetUtcNow();
        if (failure.Expected)
        {
            LogStepFailed(
                row.Kind,
                name,
                row.Attempts + 1,
                failure.Problem.Code,
                failure.Problem.Detail
            );
        }
        else
        {
            LogStepBroken(exception, row.Kind, name);
        }

        // Work that is not undone cannot be cancelled, but nobody has to wait for its repeats: they end with the next failure.
        var goesOn = workflow.Recovery is Recovery.Undo || row.CancelRequestedAt is null;
        if (failure.Retryable && goesOn && (failure.Waits || now < row.DeadlineAt))
        {
            return await RetryLaterAsync(row, step, failure, took, cancellationToken);
        }

        if (workflow.Recovery is Recovery.Undo)
        {
            return await TurnBackUnlessArrivedAsync(
                row,
                workflow,
                step,
                failure.Problem,
                cancellationToken
            );
        }

        await workflow.OnFailedAsync(
            row.Memory,
            failure.Problem,
            ContextOf(row, row.Attempts + 1, step),
            cancellationToken
        );
        return await store.SaveAsync(
            row.TenantId,
            row.OperationId,
            step,
            (op, stepRow) =>
            {
                op.State = OperationStates.Failed;
                op.FinishedAt = time.GetUtcNow();
                op.Error = ErrorOf(op, failure.Problem);
                op.ClaimedBy = "";
                if (stepRow is not null)
                {
                    stepRow.State = OperationStates.StepFailed;
                    stepRow.Message = failure.Problem.Detail;
                    stepRow.Attempts++;
                }

                return new EventDraft(
                    $"{op.Kind}.failed",
                    $"{op.Kind} of {op.ResourceName} failed in {name}: {failure.Problem.Detail}"
                )
                {
                    Severity = "error",
                };
            },
            cancellationToken
        );
    }

    private Task<OperationRow> RetryLaterAsync(
        OperationRow row,
        int step,
        StepFailure failure,
        TimeSpan took,
        CancellationToken cancellationToken
    ) =>
        store.SaveAsync(
            row.TenantId,
            row.OperationId,
            step,
            (op, stepRow) =>
            {
                op.Attempts++;
                var pause = Backoff.After(
                    op.Attempts,
                    op.Direction == OperationStates.Undo,
                    failure.Waits,
                    chance.Next()
                );
                op.NextAttemptAt = time.GetUtcNow() + pause;
                if (failure.Waits)
                {
                    op.DeadlineAt += took + pause;
                }

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

    /// <summary>A last step may save all it has to and still fail: then the operation has done what it is for, and says so.</summary>
    private async Task<OperationRow> TurnBackUnlessArrivedAsync(
        OperationRow row,
        IWorkflow workflow,
        int step,
        Problem reason,
        CancellationToken cancellationToken
    )
    {
        if (
            step < workflow.StepNames.Count - 1
            || !await workflow.HasArrivedAsync(
                row.Memory.DeepClone(),
                ContextOf(row, row.Attempts + 1, step),
                cancellationToken
            )
        )
        {
            return await TurnBackAsync(row, reason, step, cancellationToken);
        }

        return await store.SaveAsync(
            row.TenantId,
            row.OperationId,
            step,
            (op, stepRow) =>
            {
                op.StepCursor = step + 1;
                op.Attempts = 0;
                op.NextAttemptAt = null;
                op.ProgressPercent = 100;
                if (stepRow is not null)
                {
                    stepRow.State = OperationStates.StepDone;
                    stepRow.FinishedAt = time.GetUtcNow();
                    stepRow.Message = "";
                }

                return Progress("operation.step.done", $"{op.CurrentStep} is done.", op);
            },
            cancellationToken
        );
    }

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
                TimeSpan.Zero,
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
