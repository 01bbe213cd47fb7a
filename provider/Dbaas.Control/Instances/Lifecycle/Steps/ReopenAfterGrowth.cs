using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Brings back what <see cref="StopToGrow"/> stopped.</summary>
internal sealed class ReopenAfterGrowth(
    OpenVolume openVolume,
    StartMachine startMachine,
    StartEngine startEngine,
    TimeProvider time
) : InstanceStep
{
    public override string Name => "reopen-after-growth";

    public override TimeSpan Deadline =>
        openVolume.Deadline + startMachine.Deadline + startEngine.Deadline;

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (state.StoppedToGrowAt is not { } stopped)
        {
            return state;
        }

        state = await openVolume.DoAsync(state, context, cancellationToken);
        state = await startMachine.DoAsync(state, context, cancellationToken);
        state = await startEngine.DoAsync(state, context, cancellationToken);
        return state with
        {
            WriteOutageSeconds = Math.Max(
                state.WriteOutageSeconds,
                (time.GetUtcNow() - stopped).TotalSeconds
            ),
        };
    }
}
