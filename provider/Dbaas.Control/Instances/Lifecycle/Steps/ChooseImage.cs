using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>
/// Finds the image that meets the version's floor, while the engine still serves from its old one. Does nothing when the floor is met.
/// Under the policy <c>window</c> the move waits for the maintenance window, as every other change that interrupts writes.
/// </summary>
internal sealed class ChooseImage(InstanceStore store, EnsureImage ensureImage) : InstanceStep
{
    public override string Name => "choose-image";

    public override TimeSpan Deadline => ensureImage.Deadline;

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var row = (
            await store.ReadAsync(context.Tenant, state.Instance, cancellationToken)
        ).Instance;
        var floor = row.Spec.EngineVersion;
        if (
            !VersionFloor.Behind(row.ActualVersion, floor)
            || (row.ShouldRun && !state.RestartAllowed && row.Spec.ChangePolicy == "window")
        )
        {
            return state;
        }

        var before = state.ImageBefore ?? state.ImageId;
        var image = (await ensureImage.DoAsync(state, context, cancellationToken)).ImageId;
        return image == before ? state : state with { ImageBefore = before, ImageId = image };
    }
}
