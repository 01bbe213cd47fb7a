using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <summary>From rows to what the API shows.</summary>
internal static class OperationViews
{
    public static OperationView Of(
        OperationRow row,
        IEnumerable<OperationStepRow> steps,
        Workflows workflows
    ) =>
        new()
        {
            Id = row.OperationId.ToString(),
            Kind = row.Kind,
            ResourceId = row.ResourceId,
            ResourceName = row.ResourceName,
            State = row.State,
            ProgressPercent = row.ProgressPercent,
            CurrentStep = row.CurrentStep,
            Steps =
            [
                .. steps
                    .OrderBy(step => step.Ordinal)
                    .Select(step => new OperationStepView(
                        step.Name,
                        StateOf(row, step),
                        step.Attempts,
                        step.DurationMilliseconds,
                        step.Message
                    )),
            ],
            Error = row.Error?.Deserialize(ProblemJson.Default.ProblemBody),
            RequestedBy = row.RequestedBy,
            CreatedAt = row.CreatedAt,
            FinishedAt = row.FinishedAt,
            Cancellable = Cancellable(row, workflows),
            Adopted = row.Adopted,
            WriteOutageSeconds = OutageOf(row.Memory),
        };

    /// <summary>What the steps of an instance's operations measured; other operations measure none.</summary>
    private static double OutageOf(JsonNode memory) =>
        memory is JsonObject known && known["writeOutageSeconds"] is JsonValue seconds
            ? Math.Round(seconds.GetValue<double>(), 3)
            : 0;

    public static bool Cancellable(OperationRow row, Workflows workflows) =>
        !OperationStates.HasEnded(row.State)
        && row.Direction == OperationStates.Do
        && row.CancelRequestedAt is null
        && workflows.Find(row.Kind) is { } workflow
        && (
            workflow.Recovery is Recovery.Undo
                ? workflow.PlaceOf(row.CurrentStep) is >= 0 and var place
                    && workflow.Cancellable(place)
                // What is not undone can only be told to repeat its step no more.
                : row.Attempts > 0
        );

    /// <summary>The save after one step is the save before the next, so the cursor knows best what runs.</summary>
    private static string StateOf(OperationRow row, OperationStepRow step) =>
        row.State == OperationStates.Running
        && row.Direction == OperationStates.Do
        && step.Ordinal == row.StepCursor
        && step.State == OperationStates.StepWaiting
            ? OperationStates.StepRunning
            : step.State;
}
