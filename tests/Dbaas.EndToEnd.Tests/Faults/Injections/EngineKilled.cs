using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The engine's first process is killed.</summary>
internal sealed class EngineKilled : Fault
{
    private string life = "";

    public override string Name => "engine killed";
    public override int Row => 13;
    public override string PassLine => "write gap ≤ 1 s";
    public override bool EndsEngine => true;
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(1);
    public override IReadOnlyList<Evidence> Evidence =>
        [Injections.Evidence.Event("instance\\.engine_restarted")];

    public override Task InjectAsync(Scene scene)
    {
        life = scene.Victim.EngineLife();
        ProcessTable.Kill(scene.Victim.EngineProcess());
        return Eventually.HoldsAsync(
            () => Task.FromResult(scene.Victim.EngineLife() is { Length: > 0 } now && now != life),
            Deadline,
            "the engine is started again"
        );
    }
}
