using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.Provider.Tests.Pulumi;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>
/// Pulumi's provider protocol in the order in which Pulumi's engine calls, through the stubs of Pulumi's own npm package. Remembers what
/// an engine keeps in its state: id, inputs, outputs.
/// </summary>
internal sealed class PulumiDoor : IFrontDoor
{
    private const int None = 1;
    private const int Info = 1;
    private const int Warning = 2;
    private readonly PulumiEngine engine;
    private string? id;
    private JsonObject inputs = [];
    private JsonObject outputs = [];

    private PulumiDoor(PulumiEngine engine) => this.engine = engine;

    public string Name => "pulumi";

    public static async Task<PulumiDoor> OpenAsync(Platform platform)
    {
        var engine = await PulumiEngine.LaunchAsync(
            Path.Combine(Repository.Published, "pulumi", "pulumi-resource-dbaas"),
            platform.Environment
        );
        engine.Patience = TimeSpan.FromMinutes(5);
        await engine.AnswerAsync("configure", new() { ["args"] = new JsonObject() });
        return new(engine);
    }

    public async Task<string> PlanAsync(JsonObject inputs)
    {
        var before = (await engine.LogsAsync()).Count;
        var news = await CheckAsync(inputs);
        if (id is null)
        {
            await engine.ResourceAsync("create", Previewed(Creation(news)));
        }
        else
        {
            await engine.ResourceAsync("diff", Change(news));
            await engine.ResourceAsync("update", Previewed(Change(news)));
        }

        return string.Join(
            '\n',
            (await engine.LogsAsync()).Skip(before).Select(line => (string)line["message"]!)
        );
    }

    public async Task<IReadOnlyList<string>> PredictAsync(JsonObject inputs)
    {
        var before = (await engine.LogsAsync()).Count;
        var news = await CheckAsync(inputs);
        var diff = await engine.CallAsync("diff", Addressed(Change(news)));
        if (diff["error"] is { } refused)
        {
            return [(string)refused["message"]!];
        }

        if ((int)diff["response"]!["changes"]! != None)
        {
            var preview = await engine.CallAsync("update", Addressed(Previewed(Change(news))));
            if (preview["error"] is { } wrong)
            {
                return [(string)wrong["message"]!];
            }
        }

        return
        [
            .. (await engine.LogsAsync())
                .Skip(before)
                .Where(line => (int)line["severity"]! is Info or Warning)
                .Select(line => (string)line["message"]!),
        ];
    }

    public async Task ApplyAsync(JsonObject inputs)
    {
        var news = await CheckAsync(inputs);
        if (id is null)
        {
            var preview = await engine.ResourceAsync("create", Previewed(Creation(news)));
            var created = await engine.ResourceAsync("create", Creation(news));
            id = (string)created["id"]!;
            outputs = (JsonObject)created["properties"]!.DeepClone();
            PulumiAnswers.Agree(preview["properties"]!.AsObject(), outputs);
        }
        else if (await ChangesAsync(news))
        {
            var preview = await engine.ResourceAsync("update", Previewed(Change(news)));
            var updated = await engine.ResourceAsync("update", Change(news));
            outputs = (JsonObject)updated["properties"]!.DeepClone();
            PulumiAnswers.Agree(preview["properties"]!.AsObject(), outputs);
        }

        this.inputs = news;
    }

    public async Task<string> DifferencesAsync(JsonObject inputs)
    {
        await RefreshAsync();
        if (id is null)
        {
            return "create";
        }

        var diff = await engine.ResourceAsync("diff", Change(await CheckAsync(inputs)));
        Assert.Empty(diff["replacesList"]!.AsArray());
        return (int)diff["changes"]! == None ? "" : diff.ToJsonString();
    }

    public async Task ImportAsync(string id, JsonObject inputs)
    {
        var read = await engine.ResourceAsync("read", new() { ["id"] = id });
        this.id = (string)read["id"]!;
        this.inputs = (JsonObject)read["inputs"]!.DeepClone();
        outputs = (JsonObject)read["properties"]!.DeepClone();
        Assert.Equal(id, this.id);
    }

    public async Task<string> RefusedDestroyAsync(JsonObject inputs) =>
        (string)(await engine.ResourceRefusalAsync("delete", Deletion()))["message"]!;

    public async Task DestroyAsync(JsonObject inputs)
    {
        await engine.ResourceAsync("delete", Deletion());
        id = null;
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    private async Task RefreshAsync()
    {
        if (id is null)
        {
            return;
        }

        var read = await engine.ResourceAsync(
            "read",
            new()
            {
                ["id"] = id,
                ["inputs"] = inputs.DeepClone(),
                ["properties"] = outputs.DeepClone(),
            }
        );
        if ((string?)read["id"] is not { Length: > 0 })
        {
            id = null;
            return;
        }

        inputs = (JsonObject)read["inputs"]!.DeepClone();
        outputs = (JsonObject)read["properties"]!.DeepClone();
    }

    private async Task<JsonObject> CheckAsync(JsonObject declared)
    {
        var check = await engine.ResourceAsync(
            "check",
            new()
            {
                ["olds"] = id is null ? new JsonObject() : inputs.DeepClone(),
                ["news"] = declared.DeepClone(),
            }
        );
        Assert.True(check["failuresList"]!.AsArray().Count == 0, check.ToJsonString());
        return (JsonObject)check["inputs"]!.DeepClone();
    }

    private async Task<bool> ChangesAsync(JsonObject news)
    {
        var diff = await engine.ResourceAsync("diff", Change(news));
        Assert.Empty(diff["replacesList"]!.AsArray());
        return (int)diff["changes"]! != None;
    }

    private static JsonObject Addressed(JsonObject request)
    {
        request["urn"] = PulumiEngine.Urn;
        request["type"] = PulumiEngine.Type;
        request["name"] = "orders";
        return request;
    }

    private static JsonObject Creation(JsonObject news) =>
        new() { ["properties"] = news.DeepClone() };

    private JsonObject Change(JsonObject news) =>
        new()
        {
            ["id"] = id,
            ["olds"] = outputs.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = news.DeepClone(),
        };

    private JsonObject Deletion() =>
        new()
        {
            ["id"] = id,
            ["properties"] = outputs.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
        };

    private static JsonObject Previewed(JsonObject request)
    {
        request["preview"] = true;
        return request;
    }
}
