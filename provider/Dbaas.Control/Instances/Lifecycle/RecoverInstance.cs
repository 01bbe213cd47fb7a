using Dbaas.Control.Instances.Lifecycle.Steps;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>The platform's own start of an instance that should run and does not; named apart, so that operators see why.</summary>
internal sealed class RecoverInstance(
    InstanceStore store,
    TimeProvider time,
    OpenVolume openVolume,
    StartMachine startMachine,
    StartEngine startEngine,
    SettleMachine settleMachine,
    OpenEndpoint openEndpoint,
    VerifyEndpoint verifyEndpoint,
    FinishRunning finish
)
    : StartInstance(
        store,
        time,
        openVolume,
        startMachine,
        startEngine,
        settleMachine,
        openEndpoint,
        verifyEndpoint,
        finish
    )
{
    public override string Kind => InstanceKinds.Recover;
}
