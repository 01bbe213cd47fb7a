using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Keys;

/// <summary>Keys and the instances under them, as their owner makes them over REST.</summary>
internal static class KeyedInstances
{
    public const string Region = "local-a";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    public static async Task<JsonNode> RegisterAsync(RestClient rest, string alias)
    {
        var (status, text) = await rest.SendAsync(
            HttpMethod.Post,
            "/v1/keys",
            new JsonObject { ["alias"] = alias, ["region"] = Region }
        );
        Assert.True(status == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    public static async Task<string> CreateAsync(
        RestClient rest,
        EngineUnderTest engine,
        string name,
        string? key
    ) =>
        (string)
            (await rest.DoAsync(HttpMethod.Post, "/v1/instances", Declared(engine, name, key)))[
                "resourceId"
            ]!;

    public static JsonObject Declared(EngineUnderTest engine, string name, string? key) =>
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

    public static Task<JsonNode> BecomesAsync(RestClient rest, string id, string status) =>
        Eventually.BecomesAsync(
            () => rest.GetAsync($"/v1/instances/{id}"),
            view => (string)view["status"]! == status,
            Minute,
            $"the instance is {status}"
        );
}
