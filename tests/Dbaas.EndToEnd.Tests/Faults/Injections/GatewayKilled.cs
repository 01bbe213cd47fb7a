using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>The region's gateway dies with all connections it carries.</summary>
internal sealed class GatewayKilled : Fault
{
    public override string Name => "gateway killed";
    public override int Row => 36;
    public override string PassLine => "clients are connected again ≤ 0.5 s";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);
    public override bool StrikesAll => true;
    public override IReadOnlyList<Evidence> Evidence =>
        [new($"log/host-{Database.Region}.log", "gateway")];

    public override Task InjectAsync(Scene scene)
    {
        foreach (var process in Processes(scene.Platform))
        {
            ProcessTable.Kill(process);
        }

        return Eventually.HoldsAsync(
            () => Task.FromResult(Processes(scene.Platform).Count > 0),
            Deadline,
            "the gateway is started again"
        );
    }

    private static List<int> Processes(Platform platform) =>
        [
            .. ProcessTable.Where(pid =>
                ProcessTable.Cgroups(pid) is { } cgroups
                && cgroups.Contains($"dbaas-{platform.InstallationId}", StringComparison.Ordinal)
                && cgroups.Contains($"{Database.Region}/gateway", StringComparison.Ordinal)
            ),
        ];
}
