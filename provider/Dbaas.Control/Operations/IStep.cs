namespace Dbaas.Control.Operations;

/// <summary>
/// One small piece of work that survives a crash. Both halves are safe to run twice and after a restart in the middle, so the runner
/// may repeat either whenever it does not know whether it finished.
/// </summary>
/// <typeparam name="TState">What the steps of one workflow learn and hand on; immutable, stored as JSON after each step.</typeparam>
internal interface IStep<TState>
    where TState : class
{
    /// <summary>Stored with running operations: never rename.</summary>
    string Name { get; }

    /// <summary>For one attempt; what takes longer counts as failed and is tried again.</summary>
    TimeSpan Deadline { get; }

    Task<TState> DoAsync(TState state, StepContext context, CancellationToken cancellationToken);

    /// <summary>Takes back what <see cref="DoAsync"/> did or half did. Nothing to take back is success.</summary>
    Task UndoAsync(TState state, StepContext context, CancellationToken cancellationToken);
}
