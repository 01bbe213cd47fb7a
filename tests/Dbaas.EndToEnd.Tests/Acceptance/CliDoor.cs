using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary><c>dbaas apply</c> and its neighbours. A file is found again by its name, so a new name is given by <c>instance update</c>.</summary>
internal sealed class CliDoor(Platform platform) : IFrontDoor
{
    private const string Bullet = "  • ";
    private const string Indent = "    ";
    private string? name;

    public string Name => "cli";

    public async Task<string> PlanAsync(JsonObject inputs)
    {
        using var file = new TemporaryFile(inputs.ToJsonString());
        return (await platform.CliAsync("plan", "-f", file.Path)).Succeeded().All;
    }

    public async Task<IReadOnlyList<string>> PredictAsync(JsonObject inputs)
    {
        using var file = new TemporaryFile(inputs.ToJsonString());
        var plan = await platform.CliAsync("plan", "-f", file.Path);
        Assert.True(plan.ExitCode is 0 or 3, plan.All);
        var lines = new List<string>();
        foreach (var line in plan.Error.Split('\n'))
        {
            if (line.StartsWith(Bullet, StringComparison.Ordinal))
            {
                lines.Add(line[Bullet.Length..]);
            }
            else if (lines.Count > 0 && line.StartsWith(Indent, StringComparison.Ordinal))
            {
                lines[^1] += "\n" + line[Indent.Length..];
            }
        }

        return lines;
    }

    public async Task ApplyAsync(JsonObject inputs)
    {
        var wanted = (string)inputs["name"]!;
        if (name is not null && name != wanted)
        {
            (
                await platform.CliAsync("instance", "update", name, "--name", wanted, "--wait")
            ).Succeeded();
        }

        using var file = new TemporaryFile(inputs.ToJsonString());
        (await platform.CliAsync("apply", "-f", file.Path)).Succeeded();
        name = wanted;
    }

    public async Task<string> DifferencesAsync(JsonObject inputs)
    {
        var plan = await PlanAsync(inputs);
        return plan.Contains($"= {(string)inputs["name"]!} unchanged", StringComparison.Ordinal)
            ? ""
            : plan;
    }

    public async Task ImportAsync(string id, JsonObject inputs)
    {
        var instance = JsonNode.Parse(
            (await platform.CliAsync("instance", "get", id, "-o", "json")).Succeeded().Output
        )!;
        name = (string)instance["name"]!;
    }

    public async Task<string> RefusedDestroyAsync(JsonObject inputs)
    {
        var refused = await platform.CliAsync("instance", "delete", name!, "--wait");
        Assert.Equal(5, refused.ExitCode);
        return refused.All;
    }

    public async Task DestroyAsync(JsonObject inputs)
    {
        (await platform.CliAsync("instance", "delete", name!, "--wait")).Succeeded();
        name = null;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
