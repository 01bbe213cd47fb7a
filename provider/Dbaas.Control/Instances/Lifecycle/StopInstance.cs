using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle;

internal sealed class StopInstance(
    InstanceStore store,
    TimeProvider time,
    CloseEndpoint closeEndpoint,
    StopMachine stopEngine,
    CloseVolume closeVolume,
    SettleMachine settleMachine,
    FinishStopped finish
) : InstanceWorkflow(store, time)
{
    public override string Kind => InstanceKinds.Stop;

    public override Recovery Recovery => Recovery.Stay;

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    // A smaller size that waited for a restart: nothing holds the larger one any more.
    [closeEndpoint, stopEngine, closeVolume, settleMachine, finish];
}
