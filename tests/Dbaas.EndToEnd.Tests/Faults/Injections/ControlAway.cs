namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The control service is killed with work accepted, and nobody starts it again for a long time.</summary>
internal sealed class ControlAway : Fault
{
    private int supervisor;
    private int died;
    private string operation = "";

    public override string Name => "control service away";
    public override int Row => 7;
    public override string PassLine =>
        "no failed query; what was accepted is done ≤ 60 s after the return";
    public override bool BeginsChange => true;
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);
    public override IReadOnlyList<Evidence> Evidence => [Injections.Evidence.Restarted("control")];

    public override bool TakesService => true;

    public override async Task InjectAsync(Scene scene)
    {
        supervisor = scene.Platform.ProcessOf("supervisor");
        await Units.SignalAsync(supervisor, "STOP");
        (operation, _) = await scene.BeginChangeAsync();
        died = scene.Units.Kill("control");
        // Not a wait for something: the length is what is injected.
        await Task.Delay(scene.Long, Scene.Cancelled);
    }

    public override async Task HealAsync(Scene scene)
    {
        await Units.SignalAsync(supervisor, "CONT");
        await scene.Units.FollowerAsync("control", died);
        await scene.Units.ControlIsReadyAsync();
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await scene.Instances.SucceedsAsync(operation);
        return [Measure.Of("backlog drained", watch.Elapsed, 60)];
    }

    public override Task EndAsync(Scene scene) => Units.SignalAsync(supervisor, "CONT");
}
