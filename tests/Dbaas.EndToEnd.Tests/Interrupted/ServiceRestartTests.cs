using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

namespace Dbaas.EndToEnd.Tests.Interrupted;

/// <summary>
/// The control service is killed and started again while tools wait for it, at random moments of create, change and delete: their runs go
/// on and succeed. Both tools work at the time of each kill.
/// </summary>
[Collection(typeof(OneSimulation))]
public sealed class ServiceRestartTests(SharedSimulation shared)
{
    private const int Seed = 7_000;

    // Of three kinds each.
    private static readonly int Rounds = Extent.IsWhole ? 2 : 1;

    [Fact]
    public async Task Given_the_service_restarts_in_the_middle_of_runs_when_it_is_back_then_the_runs_go_on_and_nothing_is_left_to_do()
    {
        var platform = await shared.RunningAsync();
        var key = await platform.TenantAsync("restarts", 2 * (Rounds + 1));
        using var rest = platform.Rest(key);
        await using var terraform = await TerraformTool.OpenAsync(platform.Environment(key));
        await using var pulumi = new PulumiTool(
            platform.Environment(key),
            "restarts",
            refreshes: false
        );
        var rehearsal = new InterruptedLife(pulumi, rest, "restarts", Inputs("restarts"));
        var times = await rehearsal.RehearseAsync();

        var chance = new Random(Seed);
        for (var round = 0; round < Rounds; round++)
        {
            var lives = new[] { (Tool: (ITool)terraform, Name: "t"), (pulumi, "p") }
                .Select(one => Named(one.Tool, $"restarts-{one.Name}{round}"))
                .ToList();
            foreach (var kind in KillMoment.Kinds)
            {
                var runs = Task.WhenAll(lives.Select(life => life.RunAsync(kind)));
                // In the middle: the service has taken up both. One that never answered is taken for a wrong address, and soon.
                await BegunAsync(rest, kind, lives.Count, runs);
                await Task.WhenAny(
                    runs,
                    Task.Delay(
                        times[kind] * chance.NextDouble(),
                        TestContext.Current.CancellationToken
                    )
                );
                await platform.KillControlAsync();
                platform.StartControl();
                await runs;
                await platform.ControlAnswersAsync();
                foreach (var life in lives)
                {
                    await life.IsAsDeclaredAsync(kind);
                }
            }
        }

        Assert.Empty((await rest.GetAsync("/v1/instances"))["items"]!.AsArray());
        Assert.Empty(await platform.RemainsAsync());

        InterruptedLife Named(ITool tool, string name) => new(tool, rest, name, Inputs(name));
    }

    /// <summary>As many of the newest operations are of this kind, or the runs have ended.</summary>
    private static Task BegunAsync(RestClient rest, string kind, int count, Task runs) =>
        Eventually.HoldsAsync(
            async () =>
                runs.IsCompleted
                || (await rest.GetAsync($"/v1/operations?limit={count}"))["items"]!
                    .AsArray()
                    .Count(operation =>
                        ((string)operation!["kind"]!).Contains(
                            kind,
                            StringComparison.OrdinalIgnoreCase
                        )
                    ) == count,
            TimeSpan.FromSeconds(60),
            $"{count} times {kind} have begun"
        );

    private static JsonObject Inputs(string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = "postgresql",
            ["region"] = SimulatedPlatform.Region,
            ["cpu"] = 0.5,
            ["memoryGib"] = 1,
            ["storageGib"] = 1,
            ["deletionProtection"] = false,
        };
}
