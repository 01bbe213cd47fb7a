using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>Packets between the control service and the host daemon are dropped, both ways.</summary>
internal sealed class HostUnreachable : Fault
{
    private string table = "";
    private string life = "";

    public override string Name => "control service and host daemon cut apart";
    public override int Row => 20;
    public override string PassLine =>
        "queries go on; nothing is deleted, restarted or moved out of ignorance";
    public override TimeSpan? GapLimit => TimeSpan.FromSeconds(0.5);

    public override bool TakesHost => true;

    public override async Task InjectAsync(Scene scene)
    {
        life = scene.Victim.EngineLife();
        table = scene.Platform.FaultTable;
        var port = (
            (string)scene.Platform.ReadJson($"config/host-{Database.Region}.json")["listen"]!
        ).Split(':')[1];
        foreach (
            var rule in (string[])
                [
                    $"add table inet {table}",
                    $"add chain inet {table} in {{ type filter hook input priority -10 ; }}",
                    $"add rule inet {table} in iif lo tcp dport {port} drop",
                    $"add rule inet {table} in iif lo tcp sport {port} drop",
                ]
        )
        {
            (await Command.RunAsync("nft", [rule])).Succeeded();
        }

        await Task.Delay(scene.Long, Scene.Cancelled);
        Assert.Equal("available", (string)(await scene.InstanceAsync())["status"]!);
    }

    public override Task HealAsync(Scene scene) => EndAsync(scene);

    public override async Task<IReadOnlyList<Measure>> ProveAsync(Scene scene)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (operation, _) = await scene.BeginChangeAsync();
        await scene.Instances.SucceedsAsync(operation);
        if (!scene.EngineEnds)
        {
            Assert.Equal(life, scene.Victim.EngineLife());
        }

        return [Measure.Of("first change after the cut", watch.Elapsed, 60)];
    }

    public override async Task EndAsync(Scene scene)
    {
        if (table.Length > 0)
        {
            await Command.RunAsync(
                "nft",
                ["delete", "table", "inet", table],
                cancellationToken: CancellationToken.None
            );
        }
    }
}
