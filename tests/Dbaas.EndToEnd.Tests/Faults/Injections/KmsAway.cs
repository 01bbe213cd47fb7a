using System.Diagnostics;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The region's key service stops answering while a create needs it.</summary>
internal sealed class KmsAway : Fault
{
    private readonly string unit = $"kms-{Database.Region}";
    private string name = "";
    private string operation = "";
    private int process;
    private TimeSpan done;

    public override string Name => "key service away";
    public override int Row => 32;
    public override bool TakesKeys => true;
    public override string PassLine =>
        "running engines unaffected; a create waits and is done ≤ 10 s after the return";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);

    public override async Task InjectAsync(Scene scene)
    {
        name = $"f-kms-{Guid.NewGuid():N}"[..20];
        process = scene.Platform.ProcessOf(unit);
        await Units.SignalAsync(process, "STOP");
        operation = await scene.Instances.BeginCreateAsync(scene.Victim.Engine, name);
        await Task.Delay(scene.Long, Scene.Cancelled);
        var seen = await scene.Instances.ReadAsync($"/v1/operations/{operation}");
        Assert.True(
            (string)seen["state"]! is "queued" or "running",
            $"the create did not wait for the key service: {seen.ToJsonString()}"
        );
    }

    public override async Task HealAsync(Scene scene)
    {
        await Units.SignalAsync(process, "CONT");
        var watch = Stopwatch.StartNew();
        await scene.Instances.SucceedsAsync(operation);
        done = watch.Elapsed;
    }

    public override Task<IReadOnlyList<Measure>> ProveAsync(Scene scene) =>
        Task.FromResult<IReadOnlyList<Measure>>([Measure.Of("create done", done, 10)]);

    public override async Task EndAsync(Scene scene)
    {
        await Units.SignalAsync(process, "CONT");
        await scene.Instances.DeleteAsync(name);
    }
}
