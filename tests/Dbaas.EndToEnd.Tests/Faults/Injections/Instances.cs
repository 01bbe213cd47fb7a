using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>Makes, changes and removes instances over plain REST.</summary>
internal sealed class Instances(Platform platform, RestClient rest)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(150);

    public async Task<Database> CreateAsync(EngineUnderTest engine, string name)
    {
        await SucceedsAsync(await BeginCreateAsync(engine, name));
        return await OpenAsync(engine, name);
    }

    /// <returns>Id of the operation.</returns>
    public Task<string> BeginCreateAsync(EngineUnderTest engine, string name) =>
        BeginAsync(
            HttpMethod.Post,
            "/v1/instances",
            new JsonObject
            {
                ["name"] = name,
                ["engine"] = engine.Engine,
                ["engineVersion"] = engine.Version,
                ["region"] = Database.Region,
                ["cpu"] = 1,
                ["memoryGib"] = engine.MemoryGib,
                ["storageGib"] = 1,
                ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
                ["databases"] = new JsonArray("app"),
                ["deletionProtection"] = false,
            }
        );

    /// <summary>Everything a case needs to know about an instance that is there.</summary>
    public async Task<Database> OpenAsync(EngineUnderTest engine, string name)
    {
        var instance = await GetAsync(name);
        var member = (string)instance["members"]![0]!["id"]!;
        var inventory = await ReadAsync("/v1/hosts/inventory");
        return new(
            engine,
            name,
            (string)instance["id"]!,
            RestClient.MachineOf(inventory, member),
            await Credentials.FetchAsync(platform, name)
        );
    }

    public async Task DeleteAsync(string name)
    {
        if ((await rest.InstancesAsync(name)).Count > 0)
        {
            await SucceedsAsync(await BeginAsync(HttpMethod.Delete, $"/v1/instances/{name}"));
        }
    }

    public Task<JsonNode> GetAsync(string name) => ReadAsync($"/v1/instances/{name}");

    /// <summary>Reads; a service that is away for a moment is asked again.</summary>
    public async Task<JsonNode> ReadAsync(string path)
    {
        var (_, body) = await Eventually.BecomesAsync(
            () => rest.SendAsync(HttpMethod.Get, path),
            answer => answer.Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(60),
            $"GET {path} answers"
        );
        return JsonNode.Parse(body)!;
    }

    public Task<string> BeginPatchAsync(string name, JsonObject patch) =>
        BeginAsync(HttpMethod.Patch, $"/v1/instances/{name}", patch);

    /// <summary>Asks for an operation; a service that is away or busy is asked again.</summary>
    public async Task<string> BeginAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        var (_, answer) = await Eventually.BecomesAsync(
            () => rest.SendAsync(method, path, body?.DeepClone()),
            answer =>
                answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict),
            TimeSpan.FromSeconds(60),
            $"{method} {path} is taken"
        );
        return
            (string?)JsonNode.Parse(answer)?["id"] is { } id
            && id.StartsWith("op_", StringComparison.Ordinal)
            ? id
            : throw new InvalidOperationException($"{method} {path} answered {answer}");
    }

    public async Task<JsonNode> SucceedsAsync(string operation)
    {
        var ended = await EndsAsync(operation);
        Assert.True((string)ended["state"]! == "succeeded", ended.ToJsonString());
        return ended;
    }

    public Task<JsonNode> EndsAsync(string operation) =>
        Eventually.BecomesAsync(
            () => ReadAsync($"/v1/operations/{operation}"),
            seen => (string)seen["state"]! is not ("queued" or "running"),
            Deadline,
            string.Create(CultureInfo.InvariantCulture, $"operation {operation} ends")
        );

    /// <summary>Names of the steps that an operation has, as the service lists them.</summary>
    public static IReadOnlyList<string> StepsOf(JsonNode operation) =>
        [.. operation["steps"]!.AsArray().Select(step => (string)step!["name"]!)];
}
