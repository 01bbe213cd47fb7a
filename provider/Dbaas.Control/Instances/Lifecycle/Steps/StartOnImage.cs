using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>Starts the engine from its new image and wants to hear the new version from it.</summary>
internal sealed class StartOnImage(
    InstanceStore store,
    StartEngine startEngine,
    OpenVolume openVolume,
    StartMachine startMachine,
    TimeProvider time
) : InstanceStep
{
    public override string Name => "start-on-image";

    public override TimeSpan Deadline =>
        openVolume.Deadline + startMachine.Deadline + startEngine.Deadline;

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        if (state.StoppedForImageAt is not { } stopped)
        {
            return state;
        }

        state = await openVolume.DoAsync(state, context, cancellationToken);
        state = await startMachine.DoAsync(state, context, cancellationToken);
        state = await startEngine.DoAsync(state, context, cancellationToken);
        var floor = (await store.ReadAsync(context.Tenant, state.Instance, cancellationToken))
            .Instance
            .Spec
            .EngineVersion;
        if (VersionFloor.Behind(state.ActualVersion, floor))
        {
            throw new StepFailedException(
                new Problem(
                    InstanceProblems.Minor,
                    422,
                    $"The engine of image {state.ImageId} says that it is {state.ActualVersion}, not {floor}; the old image is put back.",
                    "/engineVersion",
                    state.ActualVersion
                ),
                retryable: false
            );
        }

        return state with
        {
            WriteOutageSeconds = Math.Max(
                state.WriteOutageSeconds,
                (time.GetUtcNow() - stopped).TotalSeconds
            ),
        };
    }
}
