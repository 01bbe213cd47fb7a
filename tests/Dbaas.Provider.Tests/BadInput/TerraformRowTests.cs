using System.Text.Json.Nodes;
using Dbaas.Control.Tests.BadInput;
using Dbaas.Control.Tests.Support;
using Dbaas.Provider.Tests.Terraform;

namespace Dbaas.Provider.Tests.BadInput;

/// <summary>Wrong configurations in real Terraform against the real control service: each fails when planned, at its attribute.</summary>
public sealed class TerraformRowTests(ControlFixture fixture)
{
    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    public async Task Given_each_wrong_configuration_when_planned_then_it_fails_at_its_attribute(
        string engine
    )
    {
        var rows = ToolRows.Of(engine);
        var variables = await ToolRows.VariablesAsync(fixture);

        // What the schema can tell, Terraform tells of all resources at once; the service is asked only when nothing is left of that.
        var offline = await DiagnosticsAsync(rows, engine, variables, "validate", "-json");
        var left = rows.Where((_, i) => !offline.ContainsKey(i)).ToList();
        var online = await DiagnosticsAsync(left, engine, variables, "plan", "-json");

        var wrong = new List<string>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (offline.TryGetValue(i, out var found))
            {
                Judge(rows[i], found, wrong);
            }
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!online.TryGetValue(i, out var found))
            {
                wrong.Add($"{left[i]}: nothing");
                continue;
            }

            Judge(left[i], found, wrong);
            if (
                !found
                    .ToJsonString()
                    .Contains(
                        JsonValue.Create(left[i].Allowed).ToJsonString().Trim('"'),
                        StringComparison.Ordinal
                    )
            )
            {
                wrong.Add($"{left[i]}: {found["summary"]} {found["detail"]}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(rows.Count >= 25);
        Assert.True(left.Count >= 10, $"only {left.Count} of {rows.Count} reached the service");
    }

    private static void Judge(InstanceRow row, JsonNode found, List<string> wrong)
    {
        var line = ((string?)found["snippet"]?["code"] ?? "").Trim();
        if (!line.StartsWith(ToolRows.Snake(row.Member) + " ", StringComparison.Ordinal))
        {
            wrong.Add($"{row.Row} {row.Member}: at '{line}', {found["summary"]} {found["detail"]}");
        }
    }

    /// <summary>The first diagnostic of each resource, by its number.</summary>
    private static async Task<Dictionary<int, JsonNode>> DiagnosticsAsync(
        IReadOnlyList<InstanceRow> rows,
        string engine,
        Dictionary<string, string> variables,
        params string[] arguments
    )
    {
        using var folder = new TerraformFolder(
            control: null,
            string.Join('\n', rows.Select((row, i) => Resource(row, engine, i)))
        );
        foreach (var (name, value) in variables)
        {
            folder.Variables[name] = value;
        }

        var result = await folder.RunAsync(arguments);
        Assert.NotEqual(0, result.ExitCode);
        var diagnostics =
            arguments[0] == "validate"
                ? JsonNode.Parse(result.Output)!["diagnostics"]!.AsArray().Select(one => one)
                : result
                    .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Where(line => line.StartsWith('{'))
                    .Select(line => JsonNode.Parse(line)!["diagnostic"]);
        var found = new Dictionary<int, JsonNode>();
        foreach (var diagnostic in diagnostics.Where(one => (string?)one?["severity"] == "error"))
        {
            var context = (string?)diagnostic!["snippet"]?["context"] ?? "";
            Assert.True(
                context.Contains("case_", StringComparison.Ordinal),
                diagnostic.ToJsonString()
            );
            found.TryAdd(
                int.Parse(
                    context[(context.LastIndexOf("case_", StringComparison.Ordinal) + 5)..]
                        .Trim('"'),
                    System.Globalization.CultureInfo.InvariantCulture
                ),
                diagnostic
            );
        }

        return found;
    }

    private static string Resource(InstanceRow row, string engine, int number)
    {
        var members = new Dictionary<string, string>
        {
            ["name"] = $"\"case-{number}\"",
            ["engine"] = $"\"{engine}\"",
            ["memory_gib"] = "2",
            ["storage_gib"] = "5",
        };
        // Of a template's own sign there is two; all else of JSON is the same.
        members[ToolRows.Snake(row.Member)] = JsonNode
            .Parse(row.Json)!
            .ToJsonString()
            .Replace("${", "$${", StringComparison.Ordinal)
            .Replace("%{", "%%{", StringComparison.Ordinal)
            .Replace("\"startTime\"", "\"start_time\"", StringComparison.Ordinal)
            .Replace("\"durationMinutes\"", "\"duration_minutes\"", StringComparison.Ordinal);
        return $"resource \"dbaas_database_instance\" \"case_{number}\" {{\n"
            + string.Concat(members.Select(member => $"  {member.Key} = {member.Value}\n"))
            + "}\n";
    }
}
