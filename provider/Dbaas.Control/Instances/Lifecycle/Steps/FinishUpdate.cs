using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Ends a change of an instance that runs, or of one that is stopped.</summary>
internal sealed class FinishUpdate(
    InstanceStore store,
    FinishRunning running,
    FinishStopped stopped,
    VerifyEndpoint verify,
    SettleMachine settle
) : InstanceStep
{
    public override string Name => "finish";

    public override TimeSpan Deadline => verify.Deadline + settle.Deadline;

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            await store.FindPartsAsync(context.Tenant, state.Instance, cancellationToken)
                is not { } parts
            || parts.Instance.OperationId != context.Operation.ToString()
        )
        {
            // Finished before a crash. The next operation may have raised the epoch, and looking with the old one would be refused
            // and take back a change that has long arrived.
            return state;
        }

        if (!parts.Instance.ShouldRun)
        {
            return await stopped.DoAsync(state, context, cancellationToken);
        }

        state = await verify.DoAsync(state, context, cancellationToken);
        // A machine that died since it was settled was started with all settings, those that had waited too: nothing holds more any longer.
        state = await settle.DoAsync(state, context, cancellationToken);
        return await running.DoAsync(state, context, cancellationToken);
    }
}
