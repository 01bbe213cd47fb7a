using System.Diagnostics;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The host daemon of the region dies; machines live on and it takes them back.</summary>
internal sealed class HostKilled : Fault
{
    private readonly string unit = $"host-{Database.Region}";
    private string life = "";
    private TimeSpan back;

    public override string Name => "host daemon killed";
    public override int Row => 11;
    public override string PassLine => "engines stay up; daemon back ≤ 2 s";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);
    public override IReadOnlyList<Evidence> Evidence => [Injections.Evidence.Restarted(unit)];

    public override async Task InjectAsync(Scene scene)
    {
        life = scene.Victim.EngineLife();
        var watch = Stopwatch.StartNew();
        await scene.Units.FollowerAsync(unit, scene.Units.Kill(unit));
        await scene.Units.HostListensAsync(Database.Region);
        back = watch.Elapsed;
    }

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        // The daemon serves again: it answers what is on its host.
        await scene.Instances.ReadAsync("/v1/hosts/inventory");
        if (!scene.EngineEnds)
        {
            Assert.Equal(life, scene.Victim.EngineLife());
        }

        return [Measure.Of("daemon back", back, 2)];
    }
}
