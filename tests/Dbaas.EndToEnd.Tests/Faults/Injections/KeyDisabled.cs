using System.Diagnostics;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The customer disables the key of a database, and enables it again.</summary>
internal sealed class KeyDisabled : Fault
{
    private string arn = "";
    private TimeSpan stopped;
    private TimeSpan serving;

    public override string Name => "customer key disabled";
    public override int Row => 33;
    public override string PassLine =>
        "controlled stop ≤ 60 s; data intact; serving ≤ 30 s after the key is enabled";
    public override TimeSpan Deadline => TimeSpan.FromSeconds(90);
    public override IReadOnlyList<Evidence> Evidence =>
        [Injections.Evidence.Event("instance\\.key_state .*disabled")];

    public override async Task InjectAsync(Scene scene)
    {
        // A key of its own: others must not stop with it.
        var key = await Keys.MakeAsync(scene);
        await scene.Instances.SucceedsAsync(
            await scene.Instances.BeginPatchAsync(scene.Victim.Name, new() { ["kmsKeyId"] = key })
        );
        arn = (string)(await scene.Instances.ReadAsync($"/v1/keys/{key}"))["arn"]!;
        using var service = Keys.Administer(scene.Platform);
        await service.DisableKeyAsync(arn, Scene.Cancelled);
        stopped = await BecomesAsync(scene, "stopped", TimeSpan.FromSeconds(150));
    }

    public override async Task HealAsync(Scene scene)
    {
        using var service = Keys.Administer(scene.Platform);
        await service.EnableKeyAsync(arn, Scene.Cancelled);
        serving = await BecomesAsync(scene, "available", TimeSpan.FromSeconds(150));
    }

    public override Task<IReadOnlyList<Measure>> ProveAsync(Scene scene) =>
        Task.FromResult<IReadOnlyList<Measure>>([
            Measure.Of("stopped", stopped, 60),
            Measure.Of("serving again", serving, 30),
        ]);

    public override async Task EndAsync(Scene scene)
    {
        if (arn.Length > 0)
        {
            using var service = Keys.Administer(scene.Platform);
            await service.EnableKeyAsync(arn, Scene.Cancelled);
        }
    }

    private static async Task<TimeSpan> BecomesAsync(Scene scene, string status, TimeSpan deadline)
    {
        var watch = Stopwatch.StartNew();
        await Eventually.BecomesAsync(
            scene.InstanceAsync,
            instance => (string)instance["status"]! == status,
            deadline,
            $"the database is {status}"
        );
        return watch.Elapsed;
    }
}
