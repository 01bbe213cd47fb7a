using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Brings an instance up again, whether a user stopped it or a host lost its power.</summary>
internal class StartInstance(
    InstanceStore store,
    TimeProvider time,
    OpenVolume openVolume,
    StartMachine startMachine,
    StartEngine startEngine,
    SettleMachine settleMachine,
    OpenEndpoint openEndpoint,
    VerifyEndpoint verifyEndpoint,
    FinishRunning finish
) : InstanceWorkflow(store, time)
{
    public override string Kind => InstanceKinds.Start;

    /// <summary>There is data: what was reached is kept, and the next start goes on from there.</summary>
    public override Recovery Recovery => Recovery.Stay;

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    [openVolume, startMachine, startEngine, settleMachine, openEndpoint, verifyEndpoint, finish];
}
