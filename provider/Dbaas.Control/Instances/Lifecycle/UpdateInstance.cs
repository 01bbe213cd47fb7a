using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle;

internal sealed class UpdateInstance(
    InstanceStore store,
    TimeProvider time,
    BeginUpdate begin,
    RewrapDataKeys rewrapDataKeys,
    ChooseImage chooseImage,
    StopToGrow stopToGrow,
    GrowVolume growVolume,
    StopForImage stopForImage,
    SetImage setImage,
    ReopenAfterGrowth reopenAfterGrowth,
    StartOnImage startOnImage,
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

    /// <summary>Long enough for an image that must be built first.</summary>
    public override TimeSpan Deadline => TimeSpan.FromMinutes(15);

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    [
        begin,
        rewrapDataKeys,
        chooseImage,
        stopToGrow,
        growVolume,
        stopForImage,
        setImage,
        reopenAfterGrowth,
        startOnImage,
        resizeMachine,
        applySettings,
        restartEngine,
        settleMachine,
        setEndpoint,
        finish,
    ];
}
