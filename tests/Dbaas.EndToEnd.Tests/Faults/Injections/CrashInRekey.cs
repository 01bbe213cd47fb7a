using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The control service dies right after a step of a change of the customer key was saved.</summary>
internal sealed class CrashInRekey(string step) : Fault
{
    private string operation = "";
    private TimeSpan continued;
    private string keyBefore = "";
    private string keyAfter = "";

    public override string Name => $"control service killed in a change of key after {step}";
    public override int Row => 6;
    public override string PassLine =>
        "the key is the old or the new one, and the data opens under it";
    public override IReadOnlyList<Evidence> Evidence => [Injections.Evidence.Restarted("control")];

    public override async Task InjectAsync(Scene scene)
    {
        keyBefore = (string)(await scene.InstanceAsync())["kmsKeyId"]!;
        keyAfter = await Keys.MakeAsync(scene);
        var armed = await scene.Units.ArmAsync($"instance.update/{step}");
        operation = await scene.Instances.BeginPatchAsync(
            scene.Victim.Name,
            new JsonObject { ["kmsKeyId"] = keyAfter }
        );
        continued = await Crash.GoesOnAsync(scene, armed, operation, step);
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        await scene.Instances.EndsAsync(operation);
        string[] either = [keyBefore, keyAfter];
        Assert.Contains((string)(await scene.InstanceAsync())["kmsKeyId"]!, either);
        // A stop forgets the data key, so that the start has to unwrap it.
        foreach (var verb in (string[])["stop", "start"])
        {
            await scene.Instances.SucceedsAsync(
                await scene.Instances.BeginAsync(
                    HttpMethod.Post,
                    $"/v1/instances/{scene.Victim.Name}/{verb}"
                )
            );
        }

        return [Measure.Of("operation goes on", continued, 5)];
    }
}
