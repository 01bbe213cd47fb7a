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

    public override Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    ) => ReopenAsync(state, null, context, cancellationToken);

    /// <param name="state">The operation's state.</param>
    /// <param name="wanted">What the engine shall be; null for the instance's own specification.</param>
    /// <param name="context">The operation.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<InstanceState> ReopenAsync(
        InstanceState state,
        InstanceSpec? wanted,
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
        state = await startEngine.EnsureAsync(state, wanted, context, cancellationToken);
        return state with
        {
            WriteOutageSeconds = Math.Max(
                state.WriteOutageSeconds,
                (time.GetUtcNow() - stopped).TotalSeconds
            ),
        };
    }
}
