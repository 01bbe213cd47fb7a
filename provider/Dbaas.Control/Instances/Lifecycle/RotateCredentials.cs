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

    public override Recovery Recovery => Recovery.Stay;

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    [drawPassword, applyPassword, adoptPassword, finish];
}
