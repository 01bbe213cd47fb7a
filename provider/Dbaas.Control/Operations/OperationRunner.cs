using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Problems;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Operations;

/// <summary>
/// Runs one operation to its end, or until this process dies: then another takes it up where the last save was. Each step is saved
/// when it begins and when it is done; the save after one step is the save before the next.
/// </summary>
internal sealed partial class OperationRunner(
    OperationStore store,
    Workflows workflows,
    ICrashPoint crash,
    Chance chance,
    IOptions<OperationsOptions> options,
    TimeProvider time,
    ILogger<OperationRunner> logger
)
{
    /// <summary>Returns when the operation has ended, waits for longer than a moment, or belongs to another silo.</summary>
    public async Task RunAsync(
        TenantId tenant,
        OperationId operation,
        CancellationToken cancellationToken
    )
    {
        if (!await store.ClaimAsync(tenant, operation, cancellationToken))
        {
            return;
        }

        using var scope = logger.BeginScope(
            new Dictionary<string, object>
            {
                ["tenant"] = tenant.ToString(),
                ["operation"] = operation.ToString(),
            }
        );
        using var claim = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(tenant, operation, claim);
        try
        {
            await RunClaimedAsync(tenant, operation, claim.Token);
        }
        catch (ClaimLostException)
        {
            LogClaimLost(operation);
        }
        catch (OperationCanceledException) when (claim.IsCancellationRequested)
        {
            // The claim was lost or the process ends: whoever claims next goes on from the last save.
        }
        finally
        {
            await claim.CancelAsync();
            await renewing;
        }
    }

    private async Task RunClaimedAsync(
        TenantId tenant,
        OperationId operation,
        CancellationToken cancellationToken
    )
    {
        var row = await store.ReadAsync(tenant, operation, cancellationToken);
        IWorkflow? workflow = null;
        while (row is not null)
        {
            workflow ??= workflows.Find(row.Kind) is { } known
                ? BegunWorkflow.Of(
                    known,
                    await store.StepNamesAsync(tenant, operation, cancellationToken),
                    row.PayloadVersion
                )
                : null;
            if (workflow is null)
            {
                LogUnknown(row.Kind, row.PayloadVersion);
                await store.ReleaseAsync(tenant, operation, cancellationToken);
                return;
            }

            var move = CourseOf(row)
                .Next(workflow.StepNames.Count, workflow.Cancellable, time.GetUtcNow());
            switch (move)
            {
                case OperationMove.DoStep step:
                    row = await DoAsync(row, workflow, step.Step, cancellationToken);
                    break;
                case OperationMove.UndoStep step:
                    row = await UndoAsync(row, workflow, step.Step, cancellationToken);
                    break;
                case OperationMove.TurnBack back:
                    row = await TurnBackAsync(
                        row,
                        new Problem(
                            OperationProblems.Cancelled,
                            409,
                            "The operation was cancelled and has been taken back."
                        ),
                        back.From,
                        cancellationToken
                    );
                    break;
                case OperationMove.WaitUntil wait:
                    // Waiting here keeps the claim; a cancel that arrives meanwhile is seen after at most 5 s.
                    // Less than nothing is left when this thread was held up since; a delay of -1 ms would never end.
                    if (wait.At - time.GetUtcNow() is var left && left > TimeSpan.Zero)
                    {
                        await Task.Delay(left, time, cancellationToken);
                    }

                    row = await store.ReadAsync(tenant, operation, cancellationToken);
                    break;
                case OperationMove.End end:
                    await EndAsync(row, end.State, cancellationToken);
                    return;
                default:
                    return;
            }
        }
    }

    private async Task<OperationRow> DoAsync(
        OperationRow row,
        IWorkflow workflow,
        int step,
        CancellationToken cancellationToken
    )
    {
        var name = workflow.StepNames[step];
        var attempt = row.Attempts + 1;
        if (row.State == OperationStates.Queued || attempt > 1)
        {
            // The first save, or one more attempt; otherwise the save after the step before already says that this one runs.
            row = await MarkRunningAsync(row, step, name, attempt, cancellationToken);
        }

        var started = time.GetTimestamp();
        var context = ContextOf(row, attempt, step);
        JsonNode memory;
        try
        {
            using var deadline = new CancellationTokenSource(workflow.StepDeadline(step), time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken,
                deadline.Token
            );
            memory = await workflow.DoAsync(step, row.Memory.DeepClone(), context, both.Token);
        }
        catch (Exception exception)
            when (!cancellationToken.IsCancellationRequested && exception is not ClaimLostException)
        {
            return await FailedAsync(
                row,
                workflow,
                step,
                StepFailure.Of(exception, name),
                exception,
                time.GetElapsedTime(started),
                cancellationToken
            );
        }

        var milliseconds = time.GetElapsedTime(started).TotalMilliseconds;
        var next = step + 1;
        var saved = await store.SaveAsync(
            row.TenantId,
            row.OperationId,
            step,
            (op, stepRow) =>
            {
                op.Memory = memory;
                op.PayloadVersion = workflow.PayloadVersion; // a silo of the version before must not misread it
                op.StepCursor = next;
                op.Attempts = 0;
                op.NextAttemptAt = null;
                op.CurrentStep = next < workflow.StepNames.Count ? workflow.StepNames[next] : name;
                op.ProgressPercent = next * 100 / workflow.StepNames.Count;
                if (stepRow is not null)
                {
                    stepRow.State = OperationStates.StepDone;
                    stepRow.Attempts = attempt;
                    stepRow.FinishedAt = time.GetUtcNow();
                    stepRow.StartedAt ??= stepRow.FinishedAt.Value.AddMilliseconds(-milliseconds);
                    stepRow.DurationMilliseconds = Math.Round(milliseconds, 1);
                    stepRow.Message = "";
                }

                return Progress("operation.step.done", $"{name} is done.", op);
            },
            cancellationToken
        );
        LogStepDone(row.Kind, name, milliseconds);
        crash.After(row.Kind, name, OperationStates.Do);
        return saved;
    }

    private Task<OperationRow> MarkRunningAsync(
        OperationRow row,
        int step,
        string name,
        int attempt,
        CancellationToken cancellationToken
    ) =>
        store.SaveAsync(
            row.TenantId,
            row.OperationId,
            step,
            (op, stepRow) =>
            {
                op.State = OperationStates.Running;
                op.StartedAt ??= time.GetUtcNow();
                op.CurrentStep = name;
                if (stepRow is not null)
                {
                    stepRow.State = OperationStates.StepRunning;
                    stepRow.StartedAt ??= time.GetUtcNow();
                    stepRow.Attempts = attempt;
                }

                return Progress("operation.step.started", $"{name} has begun.", op);
            },
            cancellationToken
        );
}
