using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>Promise 5, four times: whoever asks what a change would do hears the same, word for word.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class PlanTruthTests(SharedPlatform shared)
{
    private static readonly IReadOnlyList<(
        string What,
        Action<JsonObject> Change,
        string[] Says
    )> Changes =
    [
        ("live", inputs => inputs["parameters"]!["work_mem"] = "9MB", []),
        (
            "restart",
            inputs => inputs["parameters"]!["max_locks_per_transaction"] = "96",
            ["Restart: about", "It happens during the apply."]
        ),
        (
            "deferred",
            inputs =>
            {
                inputs["changePolicy"] = "window";
                inputs["parameters"]!["max_locks_per_transaction"] = "96";
            },
            ["Restart: about", "It waits for the maintenance window."]
        ),
        (
            "refused",
            inputs => inputs["parameters"]!["shared_bufers"] = "1GB",
            ["shared_buffers", "Code: "]
        ),
        ("another spelling", inputs => inputs["parameters"]!["work_mem"] = "7168kB", []),
        ("cost", inputs => inputs["cpu"] = 2, ["Monthly cost: +"]),
    ];

    [Fact]
    public async Task Given_one_change_when_each_tool_predicts_it_then_all_say_the_same_words()
    {
        var platform = await shared.RunningAsync();
        await using var rest = new RestDoor(platform);
        await using var cli = new CliDoor(platform);
        await using var terraform = await TerraformDoor.OpenAsync(platform);
        await using var pulumi = await PulumiDoor.OpenAsync(platform);
        var declared = new JsonObject
        {
            ["name"] = "e2e-plan-truth",
            ["engine"] = "postgresql",
            ["engineVersion"] = "18",
            ["region"] = "local-b",
            ["cpu"] = 1,
            ["memoryGib"] = 0.5,
            ["storageGib"] = 1,
            ["parameters"] = new JsonObject { ["work_mem"] = "7MB" },
            ["deletionProtection"] = false,
        };
        await rest.ApplyAsync(declared);
        using var api = platform.Rest();
        var id = (string)Assert.Single(await api.InstancesAsync((string)declared["name"]!))["id"]!;
        IReadOnlyList<IFrontDoor> tools = [cli, terraform, pulumi];
        foreach (var tool in tools)
        {
            await tool.ImportAsync(id, declared);
        }

        foreach (var (what, change, says) in Changes)
        {
            var wanted = (JsonObject)declared.DeepClone();
            change(wanted);
            var expected = await rest.PredictAsync(wanted);
            Assert.True(says.Length > 0 == expected.Count > 0, $"{what}: {Join(expected)}");
            Assert.All(
                says,
                text => Assert.Contains(text, Join(expected), StringComparison.Ordinal)
            );
            foreach (var tool in tools)
            {
                var said = await tool.PredictAsync(wanted);
                Assert.True(
                    said.Count == expected.Count
                        && said.Zip(expected)
                            .All(pair =>
                                pair.First.EndsWith(pair.Second, StringComparison.Ordinal)
                            ),
                    $"{what}: POST /v1/plan says\n{Join(expected)}\nand {tool.Name} says\n{Join(said)}"
                );
            }
        }

        await rest.DestroyAsync(declared);
    }

    private static string Join(IEnumerable<string> lines) => string.Join('\n', lines);
}
