using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle;

internal sealed class RestartInstance(
    InstanceStore store,
    TimeProvider time,
    RestartEngineAlways restartEngine,
    SettleMachine settleMachine,
    VerifyEndpoint verifyEndpoint,
    FinishRunning finish
) : InstanceWorkflow(store, time)
{
    public override string Kind => InstanceKinds.Restart;

    public override Recovery Recovery => Recovery.Stay;

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    [restartEngine, settleMachine, verifyEndpoint, finish];
}
