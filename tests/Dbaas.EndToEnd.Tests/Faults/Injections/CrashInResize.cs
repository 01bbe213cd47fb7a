using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The control service dies right after a step of a resize was saved; every fourth also grows the volume.</summary>
internal sealed class CrashInResize(string step) : Fault
{
    private const double StepGib = 0.25;
    private string operation = "";
    private TimeSpan continued;
    private double memoryBefore;
    private double memoryAfter;
    private int storageBefore;
    private int storageAfter;

    public override string Name => $"control service killed after update/{step}";
    public override int Row => 3;
    public override string PassLine =>
        "the operation goes on ≤ 5 s after the restart; size is the old or the new one, and the change can be finished";
    public override IReadOnlyList<Evidence> Evidence => [Injections.Evidence.Restarted("control")];

    public override async Task InjectAsync(Scene scene)
    {
        var before = await scene.InstanceAsync();
        memoryBefore = before["memoryGib"]!.GetValue<double>();
        storageBefore = before["storageGib"]!.GetValue<int>();
        memoryAfter =
            memoryBefore > scene.Victim.Engine.MemoryGib
                ? memoryBefore - StepGib
                : memoryBefore + StepGib;
        storageAfter =
            scene.Chance.Next(4) == 0 && storageBefore < 4 ? storageBefore + 1 : storageBefore;
        var armed = await scene.Units.ArmAsync($"instance.update/{step}");
        operation = await scene.Instances.BeginPatchAsync(scene.Victim.Name, Change());
        continued = await Crash.GoesOnAsync(scene, armed, operation, step);
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        await scene.Instances.EndsAsync(operation);
        var seen = await scene.InstanceAsync();
        Assert.Contains(seen["memoryGib"]!.GetValue<double>(), new[] { memoryBefore, memoryAfter });
        Assert.Contains(seen["storageGib"]!.GetValue<int>(), new[] { storageBefore, storageAfter });
        // Whatever became of it, asking again reaches what was asked for.
        if (
            seen["memoryGib"]!.GetValue<double>() != memoryAfter
            || seen["storageGib"]!.GetValue<int>() != storageAfter
        )
        {
            await scene.Instances.SucceedsAsync(
                await scene.Instances.BeginPatchAsync(scene.Victim.Name, Change())
            );
        }

        var reached = await scene.InstanceAsync();
        Assert.Equal(storageAfter, reached["actualStorageGib"]!.GetValue<int>());
        Assert.Empty(reached["pendingChanges"]!.AsArray());
        return [Measure.Of("operation goes on", continued, 5)];
    }

    private JsonObject Change() =>
        new() { ["memoryGib"] = memoryAfter, ["storageGib"] = storageAfter };
}
