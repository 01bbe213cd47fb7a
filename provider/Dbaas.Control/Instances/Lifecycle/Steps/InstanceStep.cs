using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>A step of an instance's operation; by default there is nothing to take back.</summary>
internal abstract class InstanceStep : IStep<InstanceState>
{
    public abstract string Name { get; }

    public virtual TimeSpan Deadline => TimeSpan.FromSeconds(30);

    public abstract Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    );

    public virtual Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    /// <summary>Every member at once, in the order of the list.</summary>
    protected static async Task<InstanceState> EachAsync(
        InstanceState state,
        Func<MemberState, Task<MemberState>> work
    ) => state with { Members = await Task.WhenAll(state.Members.Select(work)) };

    protected static Task EachAsync(InstanceState state, Func<MemberState, Task> work) =>
        Task.WhenAll(state.Members.Select(work));
}
