using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle;

internal sealed class UpdateInstance(
    InstanceStore store,
    TimeProvider time,
    BeginUpdate begin,
    RewrapDataKeys rewrapDataKeys,
    StopToGrow stopToGrow,
    GrowVolume growVolume,
    ReopenAfterGrowth reopenAfterGrowth,
    ResizeMachine resizeMachine,
    ApplySettings applySettings,
    RestartEngine restartEngine,
    SettleMachine settleMachine,
    SetEndpoint setEndpoint,
    FinishUpdate finish
) : InstanceWorkflow(store, time)
{
    public override string Kind => InstanceKinds.Update;

    public override Recovery Recovery => Recovery.Undo;

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    [
        begin,
        rewrapDataKeys,
        stopToGrow,
        growVolume,
        reopenAfterGrowth,
        resizeMachine,
        applySettings,
        restartEngine,
        settleMachine,
        setEndpoint,
        finish,
    ];
}
