using System.Diagnostics;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The volume takes 2 MiB a second and no more.</summary>
internal sealed class SlowStorage : Fault
{
    private const long BytesPerSecond = 2 << 20;
    private string file = "";
    private string limit = "";
    private string before = "";
    private TimeSpan told;

    public override string Name => "storage slow";
    public override int Row => 26;
    public override string PassLine => "told as slow storage ≤ 60 s";
    public override IReadOnlyList<Evidence> Evidence =>
        [
            Injections.Evidence.Event("instance\\.storage_slow"),
            Injections.Evidence.Event("instance\\.condition_ended"),
        ];

    public override async Task InjectAsync(Scene scene)
    {
        var device = Device(scene);
        var version1 = Path.Combine(
            scene.Victim.CgroupFolder("blkio"),
            "blkio.throttle.write_bps_device"
        );
        var first = File.Exists(version1);
        file = first ? version1 : Path.Combine(scene.Victim.CgroupFolder("io"), "io.max");
        limit = first ? $"{device} {BytesPerSecond}" : $"{device} wbps={BytesPerSecond}";
        before =
            (await File.ReadAllLinesAsync(file)).FirstOrDefault(line =>
                line.StartsWith(device + " ", StringComparison.Ordinal)
            ) ?? (first ? $"{device} 0" : $"{device} wbps=max");
        await File.WriteAllTextAsync(file, limit);
        var watch = Stopwatch.StartNew();
        await Eventually.BecomesAsync(
            scene.ReasonAsync,
            reason => reason.Contains("Slow storage", StringComparison.Ordinal),
            TimeSpan.FromSeconds(180),
            "the database says that its storage is slow"
        );
        told = watch.Elapsed;
    }

    public override Task HealAsync(Scene scene) => EndAsync(scene);

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        await Eventually.BecomesAsync(
            scene.ReasonAsync,
            // An engine that ended in a case before is told for an hour.
            reason => !reason.Contains("Slow storage", StringComparison.Ordinal),
            TimeSpan.FromSeconds(120),
            "nothing is left of the slow storage"
        );
        return [Measure.Of("told", told, 60)];
    }

    public override async Task EndAsync(Scene scene)
    {
        if (before.Length > 0)
        {
            await File.WriteAllTextAsync(file, before);
        }
    }

    /// <summary>Major and minor number of the volume's device, as the engine's own mounts show it.</summary>
    private static string Device(Scene scene) =>
        File.ReadAllLines($"/proc/{scene.Victim.EngineProcess()}/mountinfo")
            .Select(line => line.Split(' '))
            .First(fields => fields[4] == "/data")[2];
}
