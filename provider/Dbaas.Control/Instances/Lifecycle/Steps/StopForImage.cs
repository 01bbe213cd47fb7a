using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Stops the engine in order, so that its machine can get another image. From here on clients wait.</summary>
internal sealed class StopForImage(
    InstanceStore store,
    StopMachine stopMachine,
    StartEngine startEngine,
    TimeProvider time
) : InstanceStep
{
    public override string Name => "stop-for-image";

    // Taking it back means starting the engine.
    public override TimeSpan Deadline => stopMachine.Deadline + startEngine.Deadline;

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        if (!state.MovesToImage || !row.ShouldRun)
        {
            return state;
        }

        // A growth may have stopped it already.
        var stopped = state.StoppedToGrowAt ?? time.GetUtcNow();
        await stopMachine.DoAsync(state, context, cancellationToken);
        return state with { StoppedForImageAt = stopped };
    }

    public override async Task UndoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        if (!state.MovesToImage || !row.ShouldRun)
        {
            return;
        }

        // The old image is back by now. Whether or not this step got far enough to say that it stopped the machine:
        await startEngine.EnsureAsync(
            state,
            state.Before is { } before ? row.WithoutPending(before) : null,
            context,
            cancellationToken
        );
    }
}
