using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Operations;

/// <summary>A list of steps that reads like a table of contents.</summary>
internal abstract class Workflow<TState>(JsonTypeInfo<TState> json) : IWorkflow
    where TState : class
{
    private string[]? _names;
    private IStep<TState>[]? _known;

    public abstract string Kind { get; }

    public virtual int PayloadVersion => 1;

    public abstract Recovery Recovery { get; }

    public virtual TimeSpan Deadline => TimeSpan.FromMinutes(5);

    /// <summary>In order. Read once for each attempt, so it may be rebuilt but never depend on the state.</summary>
    protected abstract IReadOnlyList<IStep<TState>> Steps { get; }

    /// <summary>
    /// Steps that the version before had in its list and this one has not. Operations that were begun before the upgrade still run them;
    /// the version after this one may forget them.
    /// </summary>
    protected virtual IReadOnlyList<IStep<TState>> Retired => [];

    private IStep<TState>[] Known => _known ??= [.. Steps, .. Retired];

    public IReadOnlyList<string> StepNames => _names ??= [.. Steps.Select(step => step.Name)];

    public int PlaceOf(string step) => Array.FindIndex(Known, known => known.Name == step);

    /// <summary>Undoable work can be cancelled up to its last step; what cannot be undone is not cancelled in the middle.</summary>
    public virtual bool Cancellable(int step) =>
        Recovery is Recovery.Undo && step != Steps.Count - 1;

    public TimeSpan StepDeadline(int step) => Known[step].Deadline;

    public async Task<JsonNode> DoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Write(await Known[step].DoAsync(Read(state), context, cancellationToken));

    public async Task UndoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var read = Read(state);
        if (await MayUndoAsync(read, context, cancellationToken))
        {
            await Known[step].UndoAsync(read, context, cancellationToken);
        }
    }

    public Task<bool> HasArrivedAsync(
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => HasArrivedAsync(Read(state), context, cancellationToken);

    public Task OnFailedAsync(
        JsonNode state,
        Problem reason,
        StepContext context,
        CancellationToken cancellationToken
    ) => OnFailedAsync(Read(state), reason, context, cancellationToken);

    /// <summary>Asked before each undo: what belongs to somebody else by now is left alone.</summary>
    protected virtual Task<bool> MayUndoAsync(
        TState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.FromResult(true);

    /// <inheritdoc cref="IWorkflow.HasArrivedAsync"/>
    protected virtual Task<bool> HasArrivedAsync(
        TState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.FromResult(false);

    protected virtual Task OnFailedAsync(
        TState state,
        Problem reason,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    public JsonNode Write(TState state) => JsonSerializer.SerializeToNode(state, json)!;

    private TState Read(JsonNode state) =>
        state.Deserialize(json)
        ?? throw new InvalidOperationException($"{Kind}: the stored state is empty.");
}
