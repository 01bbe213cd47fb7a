namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The host daemon stands still for a while, with a change under way, and then goes on as if nothing had been.</summary>
internal sealed class HostFrozen : Fault
{
    private int process;
    private string operation = "";
    private string value = "";

    public override string Name => "host daemon frozen";
    public override int Row => 12;
    public override string PassLine => "no stale command is executed after the thaw; queries go on";
    public override bool BeginsChange => true;
    public override bool HoldsChange => true;
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);

    public override bool TakesHost => true;

    public override async Task InjectAsync(Scene scene)
    {
        process = scene.Platform.ProcessOf($"host-{Database.Region}");
        await Units.SignalAsync(process, "STOP");
        (operation, value) = await scene.BeginChangeAsync();
        await Task.Delay(scene.Long, Scene.Cancelled);
    }

    public override Task HealAsync(Scene scene) => Units.SignalAsync(process, "CONT");

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        var engine = scene.Victim.Engine;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var ended = await scene.Instances.EndsAsync(operation);
        var took = watch.Elapsed;
        // Undone is as good as done, as long as the engine has what the platform says.
        var wanted = (string?)(await scene.InstanceAsync())["parameters"]?[engine.Parameter];
        if ((string)ended["state"]! == "succeeded")
        {
            Assert.Equal(value, wanted);
        }

        using var client = engine.Connect(scene.Victim.Credentials);
        var shown = await client.QueryAsync(engine.ShowParameter);
        Assert.Equal(wanted == engine.Value, shown == engine.ShownValue);
        return [Measure.Of("change settled after the thaw", took, 60)];
    }

    public override Task EndAsync(Scene scene) => Units.SignalAsync(process, "CONT");
}
