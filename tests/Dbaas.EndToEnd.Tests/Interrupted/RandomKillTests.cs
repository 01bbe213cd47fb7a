using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

namespace Dbaas.EndToEnd.Tests.Interrupted;

/// <summary>
/// Killed at random moments of create, change and delete, tool or provider: run again, there is exactly one database, or none after a
/// destroy, and nothing is left to do. The real programs and the real service; the machines are simulated, so that the service is quick
/// and a kill falls between any two of its steps.
/// </summary>
[Collection(typeof(OneSimulation))]
public sealed class RandomKillTests(SharedSimulation shared)
{
    private const int AtOnce = 3;

    // Three kills each: 21 moments, or the first twelve of them.
    private static readonly int Lives = Extent.IsWhole ? 7 : 4;

    [Theory]
    [InlineData("terraform", 5_000)]
    [InlineData("pulumi", 6_000)]
    public async Task Given_kills_at_random_moments_when_run_again_then_exactly_one_database_exists_and_nothing_is_left_to_do(
        string tool,
        int seed
    )
    {
        var platform = await shared.RunningAsync();
        var key = await platform.TenantAsync($"kills-{tool}", Lives + 1);
        using var rest = platform.Rest(key);
        IReadOnlyDictionary<string, TimeSpan> times;
        await using (var unharmed = await OpenAsync(-1))
        {
            times = await LifeOf(unharmed, -1).RehearseAsync();
        }

        await Parallel.ForAsync(
            0,
            Lives,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (life, _) =>
            {
                await using var killed = await OpenAsync(life);
                await LifeOf(killed, life).LiveAsync(KillMoment.Draw(seed + life), times);
            }
        );

        Assert.Empty((await rest.GetAsync("/v1/instances"))["items"]!.AsArray());
        Assert.Empty(await platform.RemainsAsync());

        InterruptedLife LifeOf(ITool opened, int life) =>
            new(
                opened,
                rest,
                Name(life),
                new JsonObject
                {
                    ["name"] = Name(life),
                    ["engine"] = life % 2 == 0 ? "postgresql" : "mysql",
                    ["region"] = SimulatedPlatform.Region,
                    ["cpu"] = 0.5,
                    ["memoryGib"] = 1,
                    ["storageGib"] = 1,
                    ["deletionProtection"] = false,
                }
            );

        async Task<ITool> OpenAsync(int life) =>
            tool == "terraform"
                ? await TerraformTool.OpenAsync(platform.Environment(key))
                : new PulumiTool(platform.Environment(key), Name(life), refreshes: life % 2 == 0);

        string Name(int life) => $"kills-{tool}-{life + 1}";
    }
}
