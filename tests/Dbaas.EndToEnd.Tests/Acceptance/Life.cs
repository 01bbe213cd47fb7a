using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>One database from its creation to its end, one step after the other; a failure names engine, door and step.</summary>
internal sealed partial class Life : IDisposable
{
    private static readonly TimeSpan InForce = TimeSpan.FromSeconds(30);
    private readonly Platform platform;
    private readonly EngineUnderTest engine;
    private readonly EngineWords words;
    private readonly IFrontDoor door;
    private readonly RestClient rest;
    private readonly string name;
    private readonly JsonObject inputs;
    private SqlClient? client;
    private string id = "";
    private string endpoint = "";

    public Life(Platform platform, EngineUnderTest engine, IFrontDoor door)
    {
        (this.platform, this.engine, this.door) = (platform, engine, door);
        words = EngineWords.Of(engine.Engine);
        rest = platform.Rest();
        name = $"acc-{engine}-{door.Name}";
        inputs = new JsonObject
        {
            ["name"] = name,
            ["engine"] = engine.Engine,
            ["engineVersion"] = engine.Version,
            ["region"] = "local-a",
            ["cpu"] = 1,
            ["memoryGib"] = engine.MemoryGib,
            ["storageGib"] = 1,
            ["allowedCidrs"] = new JsonArray("127.0.0.0/8"),
            ["databases"] = new JsonArray("app"),
        };
    }

    private SqlClient Client => client!;

    public async Task LiveAsync()
    {
        await StepAsync("create", CreateAsync);
        await StepAsync("cpu", ChangeCpuAsync);
        await StepAsync("memory up", () => ChangeAsync("memoryGib", words.MoreMemoryGib));
        await StepAsync("memory down", () => ChangeAsync("memoryGib", engine.MemoryGib));
        await StepAsync("storage", GrowAsync);
        await StepAsync("customer key", ChangeKeyAsync);
        await StepAsync("allowed networks", ChangeNetworksAsync);
        await StepAsync("live parameter", ChangeLiveParameterAsync);
        await StepAsync("restart parameter", ChangeRestartParameterAsync);
        await StepAsync("databases", ChangeDatabasesAsync);
        await StepAsync("window and policy", DeferAsync);
        await StepAsync("tags", () => ChangeAsync("tags", new JsonObject { ["team"] = "shop" }));
        await StepAsync("name", RenameAsync);
        await StepAsync("change from outside", ChangeOutsideAsync);
        await StepAsync("import", ImportAsync);
        await StepAsync("refused destroy", RefuseDestroyAsync);
        await StepAsync("protection off", () => ChangeAsync("deletionProtection", false));
        await StepAsync("disappearance", DisappearAsync);
        await StepAsync("destroy", DestroyAsync);
    }

    public void Dispose()
    {
        client?.Dispose();
        rest.Dispose();
    }

    private async Task StepAsync(string step, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"{engine} through {door.Name}, {step}: {failure.Message}",
                failure
            );
        }
    }

    private async Task CreateAsync()
    {
        await door.ApplyAsync(inputs);
        await NothingDiffersAsync();
        var instance = Assert.Single(await rest.InstancesAsync(name));
        id = (string)instance["id"]!;
        endpoint = instance["endpoint"]!.ToJsonString();
        client = engine.Connect(await Credentials.FetchAsync(platform, name));
        Assert.Equal("TLSv1.3", await client.TlsVersionAsync());
        await client.LoadAsync();
        await client.KeepAsync();
    }

    /// <summary>
    /// Plans, applies, and insists that the engine restarted exactly when the plan said so, that nothing is left to change, and that
    /// identity, address and data are what they were.
    /// </summary>
    private async Task ChangeAsync(string property, JsonNode? value)
    {
        inputs[property] = value;
        var before = await Client.StartedAsync();
        var plan = await door.PlanAsync(inputs);
        await door.ApplyAsync(inputs);
        await NothingDiffersAsync();
        await IsTheSameAsync();
        var restarted = Client.Differ(before, await Client.StartedAsync());
        Assert.True(
            restarted == plan.Contains("Restart: about", StringComparison.Ordinal),
            $"The engine {(restarted ? "restarted" : "did not restart")}; the plan said: {plan}"
        );
        if (value is JsonValue)
        {
            var view = await ViewAsync();
            Assert.Equal(value.ToJsonString(), view[property]!.ToJsonString());
        }
    }

    private async Task RestartsAsync(bool expected, Func<Task> change)
    {
        var before = await Client.StartedAsync();
        await change();
        Assert.Equal(expected, Client.Differ(before, await Client.StartedAsync()));
    }

    private async Task NothingDiffersAsync()
    {
        var differences = await door.DifferencesAsync(inputs);
        Assert.True(differences.Length == 0, $"Something is left to change: {differences}");
    }

    private async Task IsTheSameAsync()
    {
        var view = await ViewAsync();
        Assert.Equal(endpoint, view["endpoint"]!.ToJsonString());
        Assert.Equal("available", (string)view["status"]!);
        Assert.True(await Client.HasKeptAsync(), "Rows are missing.");
    }

    private Task<JsonNode> ViewAsync() => rest.GetAsync($"/v1/instances/{id}");

    private Task<string> ShowsAsync(string query, string value) =>
        Eventually.BecomesAsync(
            () => Client.QueryAsync(query),
            shown => shown == value,
            InForce,
            $"{query} in new sessions"
        );
}
