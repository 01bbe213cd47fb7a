using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>Every input of the schema once as a secret: wherever it comes back, also under another name, it is marked.</summary>
public sealed class SecretInputTests : IAsyncLifetime
{
    /// <summary>A valid value of each input, and what must be seen nowhere; null where nothing could be told apart.</summary>
    private static readonly Dictionary<string, (string Json, string? Hidden)> Values = new()
    {
        ["name"] = ("\"planted-4711\"", "planted-4711"),
        ["engine"] = ("\"mysql\"", "mysql"),
        ["engineVersion"] = ("\"18.1\"", "18.1"),
        ["region"] = ("\"local-b\"", "local-b"),
        ["cpu"] = ("47.25", "47.25"),
        ["memoryGib"] = ("471.5", "471.5"),
        ["storageGib"] = ("911", "911"),
        ["kmsKeyId"] = ("\"key_4711\"", "key_4711"),
        ["allowedCidrs"] = ("[\"10.47.11.0/24\"]", "10.47.11.0/24"),
        ["parameters"] = ("{\"work_mem\":\"4711kB\"}", "work_mem"),
        ["databases"] = ("[\"planted_4711\"]", "planted_4711"),
        ["maintenanceWindow"] = ("{\"day\":\"friday\",\"startTime\":\"04:11\"}", "04:11"),
        ["changePolicy"] = ("\"window\"", "window"),
        // True or false: seen everywhere, and guessed by anybody.
        ["deletionProtection"] = ("false", null),
        ["tags"] = ("{\"planted-key\":\"x\"}", "planted-key"),
    };

    private FakeControl control = null!;
    private PulumiEngine engine = null!;

    public async ValueTask InitializeAsync()
    {
        control = await FakeControl.StartAsync();
        engine = await PulumiEngine.ConfiguredAsync(control);
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await control.DisposeAsync();
    }

    [Fact]
    public async Task Given_each_input_as_a_secret_when_created_changed_and_read_then_no_answer_and_no_line_shows_it()
    {
        foreach (var input in PackageSchema.Embedded.Resources[0].Inputs)
        {
            var (json, hidden) = Values[input.Name];
            var inputs = new JsonObject
            {
                ["name"] = "orders",
                ["engine"] = "postgresql",
                [input.Name] = PulumiValues.Secret(JsonNode.Parse(json)),
            };
            await RoundAsync(input, inputs, hidden);
            control.Instances.Clear();
        }

        var lines = new JsonArray([.. (await engine.LogsAsync()).Select(line => line.DeepClone())]);
        foreach (var (_, hidden) in Values.Values.Where(value => value.Hidden is not null))
        {
            AssertHidden(lines, hidden!);
        }
    }

    private async Task RoundAsync(SchemaProperty input, JsonObject inputs, string? hidden)
    {
        var check = await engine.ResourceAsync(
            "check",
            new() { ["olds"] = new JsonObject(), ["news"] = inputs.DeepClone() }
        );
        Assert.Empty(check["failuresList"]!.AsArray());
        inputs = (JsonObject)check["inputs"]!.DeepClone();
        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone() }
        );
        var id = (string)created["id"]!;
        var read = await engine.ResourceAsync(
            "read",
            new()
            {
                ["id"] = id,
                ["properties"] = created["properties"]!.DeepClone(),
                ["inputs"] = inputs.DeepClone(),
            }
        );
        var wanted = (JsonObject)inputs.DeepClone();
        wanted[input.Name == "memoryGib" ? "cpu" : "memoryGib"] = 2;
        var change = new JsonObject
        {
            ["id"] = id,
            ["olds"] = created["properties"]!.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = wanted,
        };
        var diff = await engine.ResourceAsync("diff", (JsonObject)change.DeepClone());
        var preview = (JsonObject)change.DeepClone();
        preview["preview"] = true;
        var previewed = await engine.ResourceAsync("update", preview);
        var updated = await engine.ResourceAsync("update", change);
        foreach (var answer in new[] { check, created, read, previewed, updated })
        {
            var shown = answer["properties"] ?? answer["inputs"];
            Assert.True(PulumiValues.IsSecret(shown![input.Name]), $"{input.Name}: {shown}");
            if (hidden is not null)
            {
                AssertHidden(answer, hidden);
            }
        }

        if (hidden is not null)
        {
            AssertHidden(diff, hidden);
        }
    }

    /// <summary>Digits inside an id are no repetition.</summary>
    private static void AssertHidden(JsonNode answer, string hidden) =>
        Assert.DoesNotMatch(
            $"(?<![0-9A-Za-z]){Regex.Escape(hidden)}(?![0-9A-Za-z])",
            PulumiValues.Visible(answer)!.ToJsonString()
        );
}
