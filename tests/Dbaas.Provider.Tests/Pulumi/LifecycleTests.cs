using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>A resource from its first preview to its end, in the order the engine calls.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
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
    public async Task Given_a_program_when_run_changed_and_removed_then_each_call_does_its_part()
    {
        var inputs = await CheckAsync(
            new()
            {
                ["name"] = "orders",
                ["engine"] = "postgresql",
                ["tags"] = new JsonObject { ["team"] = "shop" },
                ["deletionProtection"] = false,
            }
        );
        Assert.Equal(1, (double)inputs["cpu"]!);
        var preview = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone(), ["preview"] = true }
        );
        Assert.Empty(control.Instances);
        Assert.Equal("orders", (string?)preview["properties"]!["name"]);
        Assert.Equal(PulumiValues.Unknown, (string?)preview["properties"]!["endpoint"]);

        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone() }
        );
        var id = (string)created["id"]!;
        Assert.Equal(control.Only.Id, id);
        var outputs = created["properties"]!.AsObject();
        AssertAgrees(preview["properties"], outputs);
        Assert.Equal(5432, (int)outputs["endpoint"]!["port"]!);
        Assert.Equal(1, Changes(await DiffAsync(id, outputs, inputs, inputs)));

        var wanted = (JsonObject)inputs.DeepClone();
        wanted["tags"] = new JsonObject { ["team"] = "shop", ["a.b"] = "c" };
        wanted["memoryGib"] = 4;
        var diff = await DiffAsync(id, outputs, inputs, wanted);
        Assert.Equal(2, Changes(diff));
        Assert.Equal(["memoryGib", "tags"], diff["diffsList"]!.AsArray().Select(Text).Order());
        Assert.Equal(4, (int)diff["detaileddiffMap"]!["memoryGib"]!["kind"]!);
        Assert.Equal(0, (int)diff["detaileddiffMap"]!["tags[\"a.b\"]"]!["kind"]!);
        Assert.Empty(diff["replacesList"]!.AsArray());

        var update = new JsonObject
        {
            ["id"] = id,
            ["olds"] = outputs.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = wanted.DeepClone(),
        };
        var previewed = await engine.ResourceAsync("update", Preview(update));
        Assert.Equal(1, (double?)control.Only.Inputs["memoryGib"]);
        var logs = await engine.LogsAsync();
        Assert.Contains(
            logs,
            line => Says(line, 2, "Restart: about 2 s of writes refused (measured)")
        );
        Assert.Contains(logs, line => Says(line, 1, "Monthly cost: +12.30 EUR"));
        var updated = await engine.ResourceAsync("update", update);
        Assert.Equal(4, (double?)control.Only.Inputs["memoryGib"]);
        AssertAgrees(previewed["properties"], updated["properties"]!);
        Assert.Equal(
            1,
            Changes(await DiffAsync(id, updated["properties"]!.AsObject(), wanted, wanted))
        );

        var read = await engine.ResourceAsync(
            "read",
            new()
            {
                ["id"] = id,
                ["properties"] = updated["properties"]!.DeepClone(),
                ["inputs"] = wanted.DeepClone(),
            }
        );
        Assert.True(JsonNode.DeepEquals(wanted, read["inputs"]), read["inputs"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(updated["properties"], read["properties"]));

        await engine.ResourceAsync("delete", new() { ["id"] = id });
        Assert.Empty(control.Instances);
        await engine.ResourceAsync("delete", new() { ["id"] = id });
        var gone = await engine.ResourceAsync(
            "read",
            new()
            {
                ["id"] = id,
                ["properties"] = new JsonObject(),
                ["inputs"] = new JsonObject(),
            }
        );
        Assert.Equal("", (string?)gone["id"]);
    }

    [Fact]
    public async Task Given_every_input_when_changed_then_nothing_is_ever_replaced()
    {
        // A copy: the schema is one for all tests of this process.
        var before = (JsonObject)PackageSchema.Embedded.Resources[0].Example.DeepClone();
        before["region"] = "local-a";
        before["kmsKeyId"] = "key_1";
        before["changePolicy"] = "immediate";
        before["deletionProtection"] = true;
        foreach (var input in PackageSchema.Embedded.Resources[0].Inputs)
        {
            var after = (JsonObject)before.DeepClone();
            after[input.Name] = input.Type.Kind switch
            {
                PropertyKind.Boolean => false,
                PropertyKind.Integer or PropertyKind.Number => 9,
                PropertyKind.String => "another",
                PropertyKind.Array => new JsonArray("9.9.9.9/32"),
                PropertyKind.Map => new JsonObject { ["other"] = "x" },
                _ => new JsonObject { ["day"] = "monday", ["startTime"] = "01:00" },
            };
            foreach (var news in new[] { after, Without(before, input.Name) })
            {
                var answer = await engine.CallAsync(
                    "diff",
                    new()
                    {
                        ["id"] = "ins_gone",
                        ["urn"] = PulumiEngine.Urn,
                        ["type"] = PulumiEngine.Type,
                        ["olds"] = before.DeepClone(),
                        ["oldInputs"] = before.DeepClone(),
                        ["news"] = news,
                    }
                );
                if (answer["error"] is { } refused)
                {
                    Assert.Equal(9, (int)refused["code"]!);
                    Assert.Contains(
                        "cannot be changed in place",
                        (string)refused["message"]!,
                        StringComparison.Ordinal
                    );
                    continue;
                }

                var diff = answer["response"]!;
                Assert.Empty(diff["replacesList"]!.AsArray());
                Assert.False((bool)diff["deletebeforereplace"]!);
                Assert.All(
                    diff["detaileddiffMap"]!.AsObject(),
                    path => Assert.True((int)path.Value!["kind"]! is 0 or 2 or 4)
                );
                Assert.Equal(
                    diff["diffsList"]!.AsArray().Select(Text).Order(),
                    diff["detaileddiffMap"]!
                        .AsObject()
                        .Select(path => path.Key.Split('.', '[')[0])
                        .Distinct()
                        .Order()
                );
            }
        }
    }

    [Fact]
    public async Task Given_something_that_exists_when_imported_by_name_then_its_inputs_pass_and_nothing_differs()
    {
        var created = await engine.ResourceAsync(
            "create",
            new()
            {
                ["properties"] = new JsonObject
                {
                    ["name"] = "orders",
                    ["engine"] = "postgresql",
                    ["parameters"] = new JsonObject { ["work_mem"] = "7MB" },
                    ["allowedCidrs"] = new JsonArray("10.0.0.0/8"),
                },
            }
        );
        var read = await engine.ResourceAsync("read", new() { ["id"] = "orders" });
        Assert.Equal((string?)created["id"], (string?)read["id"]);
        var inputs = read["inputs"]!.AsObject();
        Assert.False(inputs.ContainsKey("cpu"));
        var check = await engine.ResourceAsync(
            "check",
            new() { ["olds"] = inputs.DeepClone(), ["news"] = inputs.DeepClone() }
        );
        Assert.Empty(check["failuresList"]!.AsArray());
        Assert.Equal(
            1,
            Changes(
                await DiffAsync(
                    (string)read["id"]!,
                    read["properties"]!.AsObject(),
                    inputs,
                    check["inputs"]!.AsObject()
                )
            )
        );

        var none = await engine.ResourceAsync("read", new() { ["id"] = "nothing-here" });
        Assert.Equal("", (string?)none["id"]);
        Assert.Null(none["inputs"]);
        Assert.Null(none["properties"]);
        var wrong = await engine.ResourceRefusalAsync("read", new() { ["id"] = "Not A Name" });
        Assert.Equal(3, (int)wrong["code"]!);
    }

    [Fact]
    public async Task Given_a_change_made_outside_when_refreshed_then_inputs_follow_and_the_program_would_change_it_back()
    {
        var inputs = await CheckAsync(
            new()
            {
                ["name"] = "orders",
                ["engine"] = "postgresql",
                ["cpu"] = 2,
                ["storageGib"] = 20,
            }
        );
        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone() }
        );
        control.Only.Inputs["cpu"] = 8;
        control.Only.Inputs["tags"] = new JsonObject { ["by"] = "hand" };
        control.Only.GrownTo = 40;
        var read = await engine.ResourceAsync(
            "read",
            new()
            {
                ["id"] = (string)created["id"]!,
                ["properties"] = created["properties"]!.DeepClone(),
                ["inputs"] = inputs.DeepClone(),
            }
        );
        Assert.Equal(8, (double)read["inputs"]!["cpu"]!);
        Assert.Equal("hand", (string?)read["inputs"]!["tags"]!["by"]);
        // A floor that is met is no drift.
        Assert.Equal(20, (int)read["inputs"]!["storageGib"]!);
        Assert.Equal(40, (int)read["properties"]!["actualStorageGib"]!);
        var diff = await DiffAsync(
            (string)created["id"]!,
            read["properties"]!.AsObject(),
            read["inputs"]!.AsObject(),
            inputs
        );
        Assert.Equal(["cpu", "tags"], diff["diffsList"]!.AsArray().Select(Text).Order());
    }

    private async Task<JsonObject> CheckAsync(JsonObject news)
    {
        var check = await engine.ResourceAsync(
            "check",
            new() { ["olds"] = new JsonObject(), ["news"] = news }
        );
        Assert.Empty(check["failuresList"]!.AsArray());
        var again = await engine.ResourceAsync(
            "check",
            new()
            {
                ["olds"] = check["inputs"]!.DeepClone(),
                ["news"] = check["inputs"]!.DeepClone(),
            }
        );
        Assert.True(JsonNode.DeepEquals(check["inputs"], again["inputs"]));
        return (JsonObject)check["inputs"]!.DeepClone();
    }

    private Task<JsonObject> DiffAsync(
        string id,
        JsonObject outputs,
        JsonObject inputs,
        JsonObject news
    ) =>
        engine.ResourceAsync(
            "diff",
            new()
            {
                ["id"] = id,
                ["olds"] = outputs.DeepClone(),
                ["oldInputs"] = inputs.DeepClone(),
                ["news"] = news.DeepClone(),
            }
        );

    /// <summary>What was known before is what came.</summary>
    private static void AssertAgrees(JsonNode? preview, JsonNode result)
    {
        foreach (var (name, value) in preview!.AsObject())
        {
            Assert.True(
                value is JsonValue text
                    && text.TryGetValue<string>(out var content)
                    && content == PulumiValues.Unknown
                    || JsonNode.DeepEquals(value, result[name]),
                $"{name}: {value?.ToJsonString()} became {result[name]?.ToJsonString()}"
            );
        }
    }

    private static JsonObject Preview(JsonObject request)
    {
        var preview = (JsonObject)request.DeepClone();
        preview["preview"] = true;
        return preview;
    }

    private static JsonObject Without(JsonObject inputs, string name)
    {
        var less = (JsonObject)inputs.DeepClone();
        less.Remove(name);
        return less;
    }

    private static bool Says(JsonObject line, int severity, string text) =>
        (int)line["severity"]! == severity
        && (string?)line["urn"] == PulumiEngine.Urn
        && ((string)line["message"]!).Contains(text, StringComparison.Ordinal);

    private static int Changes(JsonObject diff) => (int)diff["changes"]!;

    private static string Text(JsonNode? node) => (string)node!;
}
