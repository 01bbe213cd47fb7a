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

    public abstract string Kind { get; }

    public virtual int PayloadVersion => 1;

    public abstract Recovery Recovery { get; }

    public virtual TimeSpan Deadline => TimeSpan.FromMinutes(5);

    /// <summary>In order. Read once for each attempt, so it may be rebuilt but never depend on the state.</summary>
    protected abstract IReadOnlyList<IStep<TState>> Steps { get; }

    public IReadOnlyList<string> StepNames => _names ??= [.. Steps.Select(step => step.Name)];

    /// <summary>Undoable work can be cancelled up to its last step; what cannot be undone is not cancelled in the middle.</summary>
    public virtual bool Cancellable(int step) =>
        Recovery is Recovery.Undo && step < Steps.Count - 1;

    public TimeSpan StepDeadline(int step) => Steps[step].Deadline;

    public async Task<JsonNode> DoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Write(await Steps[step].DoAsync(Read(state), context, cancellationToken));

    public Task UndoAsync(
        int step,
        JsonNode state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Steps[step].UndoAsync(Read(state), context, cancellationToken);

    public Task OnFailedAsync(
        JsonNode state,
        Problem reason,
        StepContext context,
        CancellationToken cancellationToken
    ) => OnFailedAsync(Read(state), reason, context, cancellationToken);

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
