using System.Text.Json.Nodes;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <summary>
/// A workflow as it was when one operation began. An upgrade may put steps in or take them out while operations are in flight; each of
/// them runs the list it was stored with to its end, forwards and back, because only that list fits what it has done so far.
/// </summary>
internal sealed class BegunWorkflow : IWorkflow
{
    private readonly IWorkflow _inner;
    private readonly int[] _places;

    private BegunWorkflow(IWorkflow inner, IReadOnlyList<string> steps, int[] places)
    {
        _inner = inner;
        _places = places;
        StepNames = steps;
    }

    public string Kind => _inner.Kind;

    public int PayloadVersion => _inner.PayloadVersion;

    public IReadOnlyList<string> StepNames { get; }

    public Recovery Recovery => _inner.Recovery;

    public TimeSpan Deadline => _inner.Deadline;

    /// <param name="workflow">As it is now.</param>
    /// <param name="steps">The names stored with the operation, in order.</param>
    /// <param name="payloadVersion">Of its stored state.</param>
    /// <returns>Null when this version of the service cannot run it: it knows a step not at all, or cannot read the state.</returns>
    public static IWorkflow? Of(IWorkflow workflow, IReadOnlyList<string> steps, int payloadVersion)
    {
        if (
            payloadVersion > workflow.PayloadVersion
            || payloadVersion < workflow.PayloadVersion - 1
        )
        {
            return null;
        }

        if (steps.SequenceEqual(workflow.StepNames, StringComparer.Ordinal))
        {
            return workflow;
        }

        var places = steps.Select(workflow.PlaceOf).ToArray();
        return steps.Count == 0 || places.Contains(-1)
            ? null
            : new BegunWorkflow(workflow, steps, places);
    }

    public int PlaceOf(string step) => StepNames.ToList().IndexOf(step);

    public bool Cancellable(int step) => _inner.Cancellable(_places[step]);

    public TimeSpan StepDeadline(int step) => _inner.StepDeadline(_places[step]);

    public Task<JsonNode> DoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => _inner.DoAsync(_places[step], state, context, cancellationToken);

    public Task UndoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => _inner.UndoAsync(_places[step], state, context, cancellationToken);

    public Task<bool> HasArrivedAsync(
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => _inner.HasArrivedAsync(state, context, cancellationToken);

    public Task OnFailedAsync(
        JsonNode state,
        Problem reason,
        StepContext context,
        CancellationToken cancellationToken
    ) => _inner.OnFailedAsync(state, reason, context, cancellationToken);
}
