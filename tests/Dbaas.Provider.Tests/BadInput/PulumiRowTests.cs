using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;
using Dbaas.Provider.Tests.Pulumi;

namespace Dbaas.Provider.Tests.BadInput;

/// <summary>Wrong programs through Pulumi's own stubs against the real control service: each fails in the check or the preview.</summary>
public sealed class PulumiRowTests(ControlFixture fixture)
{
    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    public async Task Given_each_wrong_program_when_checked_and_previewed_then_it_fails_at_its_property(
        string engine
    )
    {
        await using var pulumi = await PulumiEngine.StartAsync(
            control: null,
            variables: await ToolRows.VariablesAsync(fixture)
        );
        await pulumi.AnswerAsync("configure", new JsonObject { ["args"] = new JsonObject() });
        var wrong = new List<string>();
        var asked = 0;
        var rows = ToolRows.Of(engine);
        foreach (var row in rows)
        {
            var program = new JsonObject
            {
                ["name"] = "case",
                ["engine"] = engine,
                ["memoryGib"] = 2,
                ["storageGib"] = 5,
            };
            program[row.Member] = JsonNode.Parse(row.Json);
            var check = await pulumi.ResourceAsync(
                "check",
                new() { ["olds"] = new JsonObject(), ["news"] = program }
            );
            if (check["failuresList"]!.AsArray() is { Count: > 0 } failures)
            {
                var property = (string?)failures[0]!["property"] ?? "";
                if (!property.StartsWith(row.Member, StringComparison.Ordinal))
                {
                    wrong.Add($"{row.Row} {row.Member}: at '{property}', {failures[0]!["reason"]}");
                }

                continue;
            }

            asked++;
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
            var message = (string?)answer["error"]?["message"] ?? "nothing";
            if (
                !message.StartsWith(row.Member, StringComparison.Ordinal)
                || !message.Contains(row.Allowed, StringComparison.Ordinal)
            )
            {
                wrong.Add($"{row.Row} {row.Member}: {message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(rows.Count >= 25);
        Assert.True(asked >= 10, $"only {asked} of {rows.Count} reached the service");
    }
}
