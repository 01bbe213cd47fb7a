using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <content>Ends an operation, keeps its claim, and says so in events.</content>
internal sealed partial class OperationRunner
{
    private async Task EndAsync(OperationRow row, string state, CancellationToken cancellationToken)
    {
        var ended = await store.SaveAsync(
            row.TenantId,
            row.OperationId,
            null,
            (op, _) =>
            {
                op.State = state;
                op.FinishedAt = time.GetUtcNow();
                op.ClaimedBy = "";
                op.ClaimExpiresAt = null;
                if (state == OperationStates.Succeeded)
                {
                    op.ProgressPercent = 100;
                }

                return new EventDraft(
                    $"{op.Kind}.{state}",
                    $"{op.Kind} of {op.ResourceName} {WordsOf(state)}."
                )
                {
                    Severity = state switch
                    {
                        OperationStates.Succeeded => "info",
                        OperationStates.Failed => "error",
                        _ => "warning",
                    },
                };
            },
            cancellationToken
        );
        LogEnded(
            row.Kind,
            ended.State,
            (ended.FinishedAt!.Value - ended.CreatedAt).TotalMilliseconds
        );
    }

    private static string WordsOf(string state) =>
        state switch
        {
            OperationStates.Undone => "has been undone",
            OperationStates.Cancelled => "was cancelled and has been undone",
            _ => $"has {state}",
        };

    private async Task RenewAsync(
        TenantId tenant,
        OperationId operation,
        CancellationTokenSource claim
    )
    {
        var pause = TimeSpan.FromSeconds(options.Value.ClaimSeconds / 3.0);
        try
        {
            while (true)
            {
                await Task.Delay(pause, time, claim.Token);
                if (!await store.RenewAsync(tenant, operation, claim.Token))
                {
                    await claim.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (claim.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception exception)
        {
            // Without the metadata database nothing can be saved: stop before the claim runs out.
            LogRenewFailed(exception, operation);
            await claim.CancelAsync();
        }
    }

    private static OperationCourse CourseOf(OperationRow row) =>
        new(
            row.State,
            row.Direction,
            row.StepCursor,
            row.CancelRequestedAt is not null,
            row.Error?["code"]?.GetValue<string>() == OperationProblems.Cancelled,
            row.NextAttemptAt
        );

    private StepContext ContextOf(OperationRow row, int attempt, int step) =>
        new(
            row.OperationId,
            row.TenantId,
            attempt,
            row.RequestedBy,
            row.RequestId,
            new StepReport(store, row, step, time, logger).Say
        );

    private static JsonNode ErrorOf(OperationRow row, Problem problem) =>
        JsonSerializer.SerializeToNode(
            problem.ToBody(
                $"/v1/operations/{row.OperationId}",
                row.RequestId.Length > 0 ? row.RequestId : null
            ),
            ProblemJson.Default.ProblemBody
        )!;

    private static EventDraft Progress(string kind, string message, OperationRow row) =>
        new(kind, message)
        {
            Audit = false,
            Data = new JsonObject
            {
                ["progressPercent"] = row.ProgressPercent,
                ["step"] = row.CurrentStep,
            },
        };
}
