namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The control service dies right after a step of a create was saved.</summary>
internal sealed class CrashInCreate(string step) : Fault
{
    private string name = "";
    private string operation = "";
    private TimeSpan continued;

    public override string Name => $"control service killed after create/{step}";
    public override int Row => 1;
    public override string PassLine =>
        "the operation goes on ≤ 5 s after the restart; exactly one instance";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);
    public override IReadOnlyList<Evidence> Evidence => [Injections.Evidence.Restarted("control")];

    public override async Task InjectAsync(Scene scene)
    {
        name = $"f-create-{Guid.NewGuid():N}"[..24];
        var armed = await scene.Units.ArmAsync($"instance.create/{step}");
        operation = await scene.Instances.BeginCreateAsync(scene.Victim.Engine, name);
        continued = await Crash.GoesOnAsync(scene, armed, operation, step);
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        await scene.Instances.SucceedsAsync(operation);
        Assert.Single(await scene.Rest.InstancesAsync(name));
        var made = await scene.Instances.OpenAsync(scene.Victim.Engine, name);
        using var client = made.Engine.Connect(made.Credentials);
        Assert.Equal("1", await client.QueryAsync("select 1"));
        return [Measure.Of("operation goes on", continued, 5)];
    }

    public override Task EndAsync(Scene scene) => scene.Instances.DeleteAsync(name);
}
