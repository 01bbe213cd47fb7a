using System.Text.Json.Nodes;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <summary>A workflow as the runner sees it: steps by number, state as JSON.</summary>
internal interface IWorkflow
{
    /// <summary>e.g. instance.create; stored, never renamed.</summary>
    string Kind { get; }

    /// <summary>Of the stored state; a reader of version N takes N and N-1.</summary>
    int PayloadVersion { get; }

    /// <summary>Of an operation that begins now.</summary>
    IReadOnlyList<string> StepNames { get; }

    /// <summary>
    /// Number of the step with this name, also of one that is no longer in <see cref="StepNames"/> but that operations in flight still
    /// hold; -1 when this version does not know it.
    /// </summary>
    int PlaceOf(string step);

    Recovery Recovery { get; }

    /// <summary>From the request to the final failure, in whole; retries end there.</summary>
    TimeSpan Deadline { get; }

    /// <summary>Whether a cancel is safe while the step with this number runs or waits.</summary>
    bool Cancellable(int step);

    TimeSpan StepDeadline(int step);

    Task<JsonNode> DoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    );

    Task UndoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Whether all that the operation is for is saved already, by its last step. Then nothing is taken back, whatever went wrong since.
    /// </summary>
    Task<bool> HasArrivedAsync(
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.FromResult(false);

    /// <summary>Called before an operation ends failed, so that the resource can say so. Repeatable.</summary>
    Task OnFailedAsync(
        JsonNode state,
        Problem reason,
        StepContext context,
        CancellationToken cancellationToken
    );
}
