using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>A real workflow whose steps go wrong as told. A process that ends is an exception that nothing in the runner saves.</summary>
internal sealed class FaultyWorkflow(
    IWorkflow inner,
    StepFault fault,
    int? at,
    Action<string> killMachines
) : IWorkflow, ICrashPoint
{
    private readonly ConcurrentDictionary<string, int> _seen = [];

    public string Kind => inner.Kind;

    public int PayloadVersion => inner.PayloadVersion;

    public IReadOnlyList<string> StepNames => inner.StepNames;

    public int PlaceOf(string step) => inner.PlaceOf(step);

    public Recovery Recovery => inner.Recovery;

    public TimeSpan Deadline => inner.Deadline;

    public bool Cancellable(int step) => inner.Cancellable(step);

    public TimeSpan StepDeadline(int step) => inner.StepDeadline(step);

    public async Task<JsonNode> DoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var applies = at is null || at == step;
        var first = First($"do-{step}");
        if (
            applies
            && (fault is StepFault.ForGoodBefore || (fault is StepFault.OnceBefore && first))
        )
        {
            throw Failed(retryable: fault is StepFault.OnceBefore);
        }

        if (applies && fault is StepFault.MachineDies && first)
        {
            killMachines(state["instance"]!.GetValue<string>());
        }

        var next = await inner.DoAsync(step, state.DeepClone(), context, cancellationToken);
        return (applies ? fault : StepFault.None) switch
        {
            StepFault.Twice => await inner.DoAsync(
                step,
                state.DeepClone(),
                context,
                cancellationToken
            ),
            StepFault.OnceAfter when first => throw Failed(retryable: true),
            StepFault.ForGoodAfter => throw Failed(retryable: false),
            StepFault.DieBeforeSave when first => throw new ClaimLostException(context.Operation),
            _ => next,
        };
    }

    public async Task UndoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        await inner.UndoAsync(step, state.DeepClone(), context, cancellationToken);
        if (fault is StepFault.ForGoodAfter && First($"undo-{step}"))
        {
            throw new ClaimLostException(context.Operation);
        }

        await inner.UndoAsync(step, state.DeepClone(), context, cancellationToken);
    }

    public Task<bool> HasArrivedAsync(
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => inner.HasArrivedAsync(state, context, cancellationToken);

    public Task OnFailedAsync(
        JsonNode state,
        Problem reason,
        StepContext context,
        CancellationToken cancellationToken
    ) => inner.OnFailedAsync(state, reason, context, cancellationToken);

    public void After(string kind, string step, string direction)
    {
        if (fault is StepFault.DieAfterSave && First($"saved-{step}-{direction}"))
        {
            throw new ClaimLostException(default);
        }
    }

    private bool First(string what) => _seen.AddOrUpdate(what, 1, (_, seen) => seen + 1) == 1;

    private static StepFailedException Failed(bool retryable) =>
        new(new Problem("test.fault", 500, "It fails as told."), retryable);
}
