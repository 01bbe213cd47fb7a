using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Keys;

/// <summary>A database under a key that its owner makes, turns, takes away and gives back.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class CustomerKeyTests(SharedPlatform shared)
{
    private const string Region = "local-a";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    public async Task Given_a_customer_key_when_it_is_rotated_disabled_and_enabled_then_the_database_goes_on_stops_and_comes_back(
        string name
    )
    {
        var engine = EngineUnderTest.Of(name);
        var platform = await shared.RunningAsync();
        var keys = await KeyService.OfAsync(platform, Region);
        using var rest = platform.Rest();
        var key = await RegisterAsync(rest, $"e2e-key-{engine}");
        var (id, arn) = ((string)key["id"]!, (string)key["arn"]!);
        var instance = await CreateAsync(rest, engine, $"e2e-key-{engine}", id);
        using var client = engine.Connect(
            await Credentials.FetchAsync(platform, $"e2e-key-{engine}")
        );
        await client.KeepAsync();

        await keys.CallAsync("rotate-key-on-demand", arn);
        await rest.DoAsync(HttpMethod.Post, $"/v1/instances/{instance}/restart");
        Assert.True(await client.HasKeptAsync());

        await keys.CallAsync("disable-key", arn);
        var stopped = await BecomesAsync(rest, instance, "stopped");
        Assert.Contains("disabled", (string)stopped["statusReason"]!, StringComparison.Ordinal);
        Assert.NotEqual(0, (await client.TryAsync("select 1")).ExitCode);
        var (status, refusal) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/instances",
            Declared(engine, $"e2e-key-{engine}-none", id)
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("/kmsKeyId", refusal, StringComparison.Ordinal);

        await keys.CallAsync("enable-key", arn);
        var back = await BecomesAsync(rest, instance, "available");
        Assert.Null((string?)back["statusReason"]);
        Assert.True(await client.HasKeptAsync());

        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{instance}");
        await keys.CallAsync("schedule-key-deletion", arn, "--pending-window-in-days", "7");
    }

    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    public async Task Given_a_customer_key_when_it_is_denied_or_to_be_deleted_then_the_database_says_why_it_stopped_and_comes_back_once_that_is_taken_back(
        string name
    )
    {
        var engine = EngineUnderTest.Of(name);
        var platform = await shared.RunningAsync();
        var keys = await KeyService.OfAsync(platform, Region);
        using var rest = platform.Rest();
        var key = await RegisterAsync(rest, $"e2e-lost-{engine}");
        var (id, arn) = ((string)key["id"]!, (string)key["arn"]!);
        var instance = await CreateAsync(rest, engine, $"e2e-lost-{engine}", id);
        using var client = engine.Connect(
            await Credentials.FetchAsync(platform, $"e2e-lost-{engine}")
        );
        await client.KeepAsync();

        await keys.PutPolicyAsync(arn, deniesControl: true);
        await StopsAsync("denied");
        await keys.PutPolicyAsync(arn, deniesControl: false);
        await ComesBackAsync();

        await keys.CallAsync("schedule-key-deletion", arn, "--pending-window-in-days", "7");
        await StopsAsync("pending deletion");
        // Taken back, a key is disabled until somebody enables it, as in AWS.
        await keys.CallAsync("cancel-key-deletion", arn);
        await keys.CallAsync("enable-key", arn);
        await ComesBackAsync();

        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{instance}");
        await keys.CallAsync("schedule-key-deletion", arn, "--pending-window-in-days", "7");

        async Task StopsAsync(string reason)
        {
            var stopped = await BecomesAsync(rest, instance, "stopped");
            Assert.Contains(reason, (string)stopped["statusReason"]!, StringComparison.Ordinal);
            Assert.NotEqual(0, (await client.TryAsync("select 1")).ExitCode);
        }

        async Task ComesBackAsync()
        {
            Assert.Null((string?)(await BecomesAsync(rest, instance, "available"))["statusReason"]);
            Assert.True(await client.HasKeptAsync());
        }
    }

    [Fact]
    public async Task Given_a_silent_key_service_when_databases_serve_and_one_is_created_then_those_go_on_and_this_one_waits()
    {
        var engine = EngineUnderTest.Of("postgresql");
        var platform = await shared.RunningAsync();
        var keys = await KeyService.OfAsync(platform, Region);
        using var rest = platform.Rest();
        var serving = await CreateAsync(rest, engine, "e2e-key-serving", null);
        using var client = engine.Connect(
            await Credentials.FetchAsync(platform, "e2e-key-serving")
        );
        await client.KeepAsync();
        string accepted;
        using (await keys.FrozenAsync())
        {
            (var status, accepted) = await rest.SendAsync(
                HttpMethod.Post,
                "/v1/instances",
                Declared(engine, "e2e-key-waiting", null)
            );
            Assert.True(status == HttpStatusCode.Accepted, accepted);
            var id = (string)JsonNode.Parse(accepted)!["id"]!;
            var waiting = await rest.GetAsync($"/v1/operations/{id}?wait=10");
            Assert.Equal("running", (string)waiting["state"]!);
            Assert.True(await client.HasKeptAsync());
        }

        var created = await rest.SucceedAsync(accepted);

        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{(string)created["resourceId"]!}");
        await rest.DoAsync(HttpMethod.Delete, $"/v1/instances/{serving}");
    }

    private static async Task<JsonNode> RegisterAsync(RestClient rest, string alias)
    {
        var (status, text) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/keys",
            new JsonObject { ["alias"] = alias, ["region"] = Region }
        );
        Assert.True(status == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<string> CreateAsync(
        RestClient rest,
        EngineUnderTest engine,
        string name,
        string? key
    ) =>
        (string)
            (await rest.DoAsync(HttpMethod.Post, "/v1/instances", Declared(engine, name, key)))[
                "resourceId"
            ]!;

    private static JsonObject Declared(EngineUnderTest engine, string name, string? key) =>
        new()
        {
            ["name"] = name,
            ["engine"] = engine.Engine,
            ["region"] = Region,
            ["memoryGib"] = engine.MemoryGib,
            ["storageGib"] = 1,
            ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
            ["databases"] = new JsonArray("app"),
            ["kmsKeyId"] = key,
            ["deletionProtection"] = false,
        };

    private static Task<JsonNode> BecomesAsync(RestClient rest, string id, string status) =>
        Eventually.BecomesAsync(
            () => rest.GetAsync($"/v1/instances/{id}"),
            view => (string)view["status"]! == status,
            Minute,
            $"the instance is {status}"
        );
}
