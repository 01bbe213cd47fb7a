using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle;

internal sealed class RotateCredentials(
    InstanceStore store,
    TimeProvider time,
    DrawPassword drawPassword,
    ApplyPassword applyPassword,
    AdoptPassword adoptPassword,
    FinishRunning finish
) : InstanceWorkflow(store, time)
{
    public override string Kind => InstanceKinds.Rotate;

    /// <summary>The database serves all the while: a rotation that fails goes back to the password that is handed out.</summary>
    public override Recovery Recovery => Recovery.Undo;

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    [drawPassword, applyPassword, adoptPassword, finish];
}
