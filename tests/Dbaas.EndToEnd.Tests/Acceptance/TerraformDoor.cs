using System.Text.Json.Nodes;
using Dbaas.Client.Planning;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Acceptance;

/// <summary>The real Terraform, with a configuration in its JSON syntax.</summary>
internal sealed class TerraformDoor : IFrontDoor
{
    private readonly TerraformWorkspace terraform;

    private TerraformDoor(TerraformWorkspace terraform) => this.terraform = terraform;

    public string Name => "terraform";

    public static async Task<TerraformDoor> OpenAsync(Platform platform)
    {
        var door = new TerraformDoor(new TerraformWorkspace(platform));
        door.Write([]);
        await door.terraform.InitAsync();
        return door;
    }

    public async Task<string> PlanAsync(JsonObject inputs)
    {
        Write(inputs);
        return (await terraform.RunAsync("plan", "-no-color")).Succeeded().Output;
    }

    public async Task<IReadOnlyList<string>> PredictAsync(JsonObject inputs)
    {
        Write(inputs);
        // Without a terminal the text for people is broken at 78 columns; the same diagnostics for programs are not.
        var plan = await terraform.RunAsync("plan", "-json");
        return
        [
            .. plan
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!)
                .Where(message => (string?)message["type"] == "diagnostic")
                .Select(message => message["diagnostic"]!)
                .Select(diagnostic =>
                    new ForecastLine(
                        ForecastKind.Warning,
                        (string)diagnostic["summary"]!,
                        (string)diagnostic["detail"]!
                    ).Text
                ),
        ];
    }

    public Task ApplyAsync(JsonObject inputs)
    {
        Write(inputs);
        return terraform.ApplyAsync();
    }

    public async Task<string> DifferencesAsync(JsonObject inputs)
    {
        Write(inputs);
        var plan = await terraform.RunAsync("plan", "-detailed-exitcode", "-no-color");
        Assert.True(plan.ExitCode is 0 or 2, plan.All);
        return plan.ExitCode == 0 ? "" : plan.Output;
    }

    public async Task ImportAsync(string id, JsonObject inputs)
    {
        Write(inputs);
        terraform.ForgetState();
        (await terraform.RunAsync("import", "-no-color", TerraformJson.Address, id)).Succeeded();
        // What import cannot know (the spelling of a parameter) may be written once, without touching the database.
        await terraform.ApplyAsync();
    }

    public async Task<string> RefusedDestroyAsync(JsonObject inputs)
    {
        Write(inputs);
        var refused = await terraform.RunAsync("destroy", "-auto-approve", "-no-color");
        Assert.NotEqual(0, refused.ExitCode);
        return refused.All;
    }

    public async Task DestroyAsync(JsonObject inputs)
    {
        Write(inputs);
        (await terraform.RunAsync("destroy", "-auto-approve", "-no-color")).Succeeded();
    }

    public ValueTask DisposeAsync()
    {
        terraform.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(JsonObject inputs) =>
        terraform.WriteJson(TerraformJson.Configuration(inputs));
}
