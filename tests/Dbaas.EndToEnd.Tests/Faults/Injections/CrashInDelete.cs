namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The control service dies right after a step of a deletion was saved.</summary>
internal sealed class CrashInDelete(string step) : Fault
{
    private string name = "";
    private string operation = "";
    private TimeSpan continued;

    public override string Name => $"control service killed after delete/{step}";
    public override int Row => 2;
    public override string PassLine =>
        "the operation goes on ≤ 5 s after the restart; nothing made again";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);
    public override IReadOnlyList<Evidence> Evidence => [Injections.Evidence.Restarted("control")];

    public override async Task InjectAsync(Scene scene)
    {
        name = $"f-delete-{Guid.NewGuid():N}"[..24];
        await scene.Instances.CreateAsync(scene.Victim.Engine, name);
        var armed = await scene.Units.ArmAsync($"instance.delete/{step}");
        operation = await scene.Instances.BeginAsync(HttpMethod.Delete, $"/v1/instances/{name}");
        continued = await Crash.GoesOnAsync(scene, armed, operation, step);
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        await scene.Instances.SucceedsAsync(operation);
        Assert.Empty(await scene.Rest.InstancesAsync(name));
        return [Measure.Of("operation goes on", continued, 5)];
    }

    public override Task EndAsync(Scene scene) => scene.Instances.DeleteAsync(name);
}
