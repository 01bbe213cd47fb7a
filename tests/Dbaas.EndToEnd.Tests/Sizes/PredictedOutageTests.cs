using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Sizes;

/// <summary>What the plan said about writes, against what the engine measured when it happened.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class PredictedOutageTests(SharedPlatform shared, ITestOutputHelper output)
{
    // The forecast is a median of this platform's own history or a bench figure of a quiet machine; a busy one may need longer.
    private const double SlackSeconds = 15;

    [Theory]
    [MemberData(nameof(DrawnEngine.One), MemberType = typeof(DrawnEngine))]
    public async Task Given_changes_of_size_when_they_are_made_then_writes_are_refused_exactly_when_the_plan_said_so(
        string name
    )
    {
        var engine = EngineUnderTest.Of(name);
        var (memoryGib, restartParameter, value) =
            name == "mysql" ? (2, "ft_min_word_len", "3") : (1, "max_locks_per_transaction", "96");
        var platform = await shared.RunningAsync();
        using var rest = platform.Rest();
        var inputs = new JsonObject
        {
            ["name"] = $"e2e-size-{engine}",
            ["engine"] = engine.Engine,
            ["region"] = "local-b",
            ["cpu"] = 1,
            ["memoryGib"] = engine.MemoryGib,
            ["storageGib"] = 1,
            ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
            ["databases"] = new JsonArray("app"),
            ["deletionProtection"] = false,
        };
        var created = await rest.DoAsync(HttpMethod.Post, "/v1/instances", inputs.DeepClone());
        var id = (string)created["resourceId"]!;
        using var client = engine.Connect(
            await Credentials.FetchAsync(platform, (string)inputs["name"]!)
        );
        await client.KeepAsync();

        foreach (
            var (what, property, wanted) in new (string, string, JsonNode)[]
            {
                ("more cpu", "cpu", 2),
                ("more memory", "memoryGib", memoryGib),
                ("less memory", "memoryGib", engine.MemoryGib),
                ("more storage", "storageGib", 2),
                (
                    "a parameter that needs a restart",
                    "parameters",
                    new JsonObject { [restartParameter] = value }
                ),
            }
        )
        {
            inputs[property] = wanted;
            await MatchAsync(rest, id, what, inputs);
            Assert.True(await client.HasKeptAsync());
        }

        await StopAndStartAsync(rest, id, client);
        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{id}");
    }

    private async Task MatchAsync(RestClient rest, string id, string what, JsonObject inputs)
    {
        var (_, text) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/plan",
            new JsonObject
            {
                ["resource"] = "DatabaseInstance",
                ["action"] = "update",
                ["id"] = id,
                ["inputs"] = inputs.DeepClone(),
            }
        );
        var forecast = JsonNode.Parse(text)!["expectedWriteOutage"]!;
        var predicted = forecast["seconds"]!.GetValue<double>();
        var operation = await rest.DoAsync(
            HttpMethod.Put,
            $"/v1/instances/{id}",
            inputs.DeepClone()
        );
        var measured = operation["writeOutageSeconds"]!.GetValue<double>();
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {predicted:0.00} s predicted ({(string)forecast["basis"]!}), {measured:0.00} s measured"
        );
        output.WriteLine(said);
        Assert.True(predicted > 0 == measured > 0, said);
        Assert.True(measured <= predicted + SlackSeconds, said);
    }

    private static async Task StopAndStartAsync(RestClient rest, string id, SqlClient client)
    {
        var running = Cost(await rest.GetAsync($"/v1/instances/{id}"));
        await rest.DoAsync(HttpMethod.Post, $"/v1/instances/{id}/stop");
        var stopped = await rest.GetAsync($"/v1/instances/{id}");
        Assert.Equal("stopped", (string)stopped["status"]!);
        Assert.InRange(Cost(stopped), 0.01m, running - 0.01m); // what it keeps is its storage
        Assert.NotEqual(0, (await client.TryAsync("select 1")).ExitCode);
        // A change of what is stopped does not start it.
        await rest.DoAsync(HttpMethod.Patch, $"/v1/instances/{id}", new JsonObject { ["cpu"] = 1 });
        Assert.Equal("stopped", (string)(await rest.GetAsync($"/v1/instances/{id}"))["status"]!);

        await rest.DoAsync(HttpMethod.Post, $"/v1/instances/{id}/start");
        Assert.True(await client.HasKeptAsync());
        var restarted = await rest.DoAsync(HttpMethod.Post, $"/v1/instances/{id}/restart");
        Assert.True(
            restarted["writeOutageSeconds"]!.GetValue<double>() > 0,
            restarted.ToJsonString()
        );
    }

    private static decimal Cost(JsonNode instance) =>
        instance["monthlyCostEstimate"]!["amount"]!.GetValue<decimal>();
}
