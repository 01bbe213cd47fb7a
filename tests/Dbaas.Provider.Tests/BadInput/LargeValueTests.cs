using System.Diagnostics;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;
using Dbaas.Provider.Tests.Pulumi;

namespace Dbaas.Provider.Tests.BadInput;

/// <summary>Values of 5 MB through Pulumi's own stubs against the real control service: refused before anything is made, soon, by name.</summary>
public sealed class LargeValueTests(ControlFixture fixture)
{
    private const int Bytes = 5 * 1024 * 1024;

    [Theory]
    [InlineData("name")]
    [InlineData("tags.note")]
    [InlineData("parameters.work_mem")]
    [InlineData("databases[0]")]
    public async Task Given_a_value_of_5_MB_when_checked_and_previewed_then_it_is_refused_at_its_property(
        string position
    )
    {
        await using var pulumi = await PulumiEngine.StartAsync(
            control: null,
            variables: await ToolRows.VariablesAsync(fixture)
        );
        await pulumi.AnswerAsync("configure", new JsonObject { ["args"] = new JsonObject() });
        var started = Stopwatch.GetTimestamp();
        var check = await pulumi.ResourceAsync(
            "check",
            new() { ["olds"] = new JsonObject(), ["news"] = Program(position) }
        );
        string said;
        if (check["failuresList"]!.AsArray() is { Count: > 0 } failures)
        {
            said = $"{failures[0]!["property"]}: {failures[0]!["reason"]}";
        }
        else
        {
            var answer = await pulumi.CallAsync(
                "create",
                new JsonObject
                {
                    ["urn"] = PulumiEngine.Urn,
                    ["type"] = PulumiEngine.Type,
                    ["name"] = "orders",
                    ["properties"] = check["inputs"]!.DeepClone(),
                    ["preview"] = true,
                }
            );
            said = (string?)answer["error"]?["message"] ?? "nothing";
        }

        Assert.StartsWith(position, said[..Math.Min(said.Length, 400)], StringComparison.Ordinal);
        Assert.True(said.Length < 2_000, $"The message has {said.Length} characters.");
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    private static JsonObject Program(string position)
    {
        var large = new string('a', Bytes);
        var program = new JsonObject
        {
            ["name"] = "case",
            ["engine"] = "postgresql",
            ["memoryGib"] = 2,
            ["storageGib"] = 5,
        };
        switch (position)
        {
            case "name":
                program["name"] = large;
                break;
            case "tags.note":
                program["tags"] = new JsonObject { ["note"] = large };
                break;
            case "parameters.work_mem":
                program["parameters"] = new JsonObject { ["work_mem"] = large };
                break;
            default:
                program["databases"] = new JsonArray(JsonValue.Create(large));
                break;
        }

        return program;
    }
}
