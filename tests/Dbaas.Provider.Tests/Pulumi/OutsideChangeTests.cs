using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>Somebody changes an instance by other means, and its program runs again; an up does not refresh, so the state is out of date.</summary>
public sealed class OutsideChangeTests : IAsyncLifetime
{
    private FakeControl control = null!;
    private PulumiEngine engine = null!;
    private JsonObject inputs = [];
    private JsonObject outputs = [];

    public async ValueTask InitializeAsync()
    {
        control = await FakeControl.StartAsync();
        engine = await PulumiEngine.ConfiguredAsync(control);
        var check = await engine.ResourceAsync(
            "check",
            new()
            {
                ["olds"] = new JsonObject(),
                ["news"] = new JsonObject
                {
                    ["name"] = "orders",
                    ["engine"] = "postgresql",
                    ["cpu"] = 2,
                },
            }
        );
        inputs = (JsonObject)check["inputs"]!.DeepClone();
        var created = await engine.ResourceAsync(
            "create",
            new() { ["properties"] = inputs.DeepClone() }
        );
        outputs = (JsonObject)created["properties"]!.DeepClone();
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await control.DisposeAsync();
    }

    [Fact]
    public async Task Given_choices_of_the_platform_changed_outside_when_a_tag_is_edited_then_they_stay()
    {
        control.Only.Inputs["kmsKeyId"] = "key_b";
        control.Only.Inputs["maintenanceWindow"] = new JsonObject
        {
            ["day"] = "monday",
            ["startTime"] = "01:00",
            ["durationMinutes"] = 30,
        };

        var diff = await engine.ResourceAsync("diff", Edit());
        var updated = await engine.ResourceAsync("update", Edit());

        Assert.Equal(["tags"], Differing(diff));
        Assert.Equal("shop", (string?)control.Only.Inputs["tags"]!["team"]);
        Assert.Equal("key_b", (string?)control.Only.Inputs["kmsKeyId"]);
        Assert.Equal("monday", (string?)control.Only.Inputs["maintenanceWindow"]!["day"]);
        Assert.Equal("key_b", (string?)updated["properties"]!["kmsKeyId"]);
    }

    [Fact]
    public async Task Given_ignored_inputs_changed_outside_when_a_tag_is_edited_then_they_stay_and_one_dry_run_is_asked_for()
    {
        control.Only.Inputs["cpu"] = 8;
        control.Only.Inputs["parameters"] = new JsonObject { ["work_mem"] = "7MB" };
        string[] ignored = ["cpu", "parameters.work_mem"];
        var preview = Edit(ignored);
        preview["preview"] = true;

        var diff = await engine.ResourceAsync("diff", Edit(ignored));
        await engine.ResourceAsync("update", preview);
        await engine.ResourceAsync("update", Edit(ignored));

        Assert.Equal(["tags"], Differing(diff));
        Assert.Single(control.Requests, request => request == "POST /v1/plan");
        Assert.Equal("shop", (string?)control.Only.Inputs["tags"]!["team"]);
        Assert.Equal(8, (double)control.Only.Inputs["cpu"]!);
        Assert.Equal("7MB", (string?)control.Only.Inputs["parameters"]!["work_mem"]);
    }

    [Fact]
    public async Task Given_a_declared_input_changed_outside_when_a_tag_is_edited_then_the_diff_shows_that_it_is_put_back()
    {
        control.Only.Inputs["cpu"] = 8;

        var diff = await engine.ResourceAsync("diff", Edit());
        await engine.ResourceAsync("update", Edit());

        Assert.Equal(["cpu", "tags"], Differing(diff));
        Assert.Equal(4, (int)diff["detaileddiffMap"]!["cpu"]!["kind"]!);
        Assert.Equal(2, (double)control.Only.Inputs["cpu"]!);
    }

    /// <summary>The program gets a tag and is otherwise as it was; the state is as the create left it.</summary>
    private JsonObject Edit(params string[] ignored)
    {
        var news = (JsonObject)inputs.DeepClone();
        news["tags"] = new JsonObject { ["team"] = "shop" };
        return new()
        {
            ["id"] = control.Only.Id,
            ["olds"] = outputs.DeepClone(),
            ["oldInputs"] = inputs.DeepClone(),
            ["news"] = news,
            // As the stubs spell ignoreChanges.
            ["ignorechanges"] = new JsonArray([.. ignored.Select(path => (JsonNode)path)]),
        };
    }

    private static IEnumerable<string> Differing(JsonObject diff) =>
        diff["diffsList"]!.AsArray().Select(one => (string)one!).Order();
}
