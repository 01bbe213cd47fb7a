using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>Where the provider finds the service: provider block, then environment, then profile.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task Given_profile_environment_and_block_when_applied_then_each_holds_over_the_one_before_and_what_was_chosen_stays()
    {
        await using var control = await FakeControl.StartAsync();
        using var folder = new TerraformFolder(null, Instance("first"));
        var profile = Path.Combine(folder.Root, "profile.json");
        await File.WriteAllTextAsync(
            profile,
            new JsonObject
            {
                // With a slash here and none in the environment below: the same service all the same.
                ["endpoint"] = control.Endpoint + "/",
                ["caFile"] = control.CaFile,
                ["apiKey"] = FakeControl.ApiKey,
                ["region"] = "local-b",
            }.ToJsonString(),
            TestContext.Current.CancellationToken
        );
        await folder.ApplyAsync();
        Assert.Equal("local-b", RegionOf(control, "first"));

        folder.Variables["DBAAS_ENDPOINT"] = control.Endpoint;
        folder.Variables["DBAAS_REGION"] = "local-a";
        folder.Write(Instance("first") + Instance("second"));
        await folder.ApplyAsync();
        Assert.Equal("local-b", RegionOf(control, "first"));
        Assert.Equal("local-a", RegionOf(control, "second"));

        folder.Write(
            "provider \"dbaas\" { region = \"local-b\" }\n"
                + Instance("first")
                + Instance("second")
                + Instance("third")
        );
        await folder.ApplyAsync();
        Assert.Equal("local-a", RegionOf(control, "second"));
        Assert.Equal("local-b", RegionOf(control, "third"));

        // A key of the profile is for the profile's service alone.
        folder.Variables["DBAAS_ENDPOINT"] = "https://127.0.0.1:1";
        var elsewhere = await folder.RunAsync("plan", "-no-color");
        Assert.NotEqual(0, elsewhere.ExitCode);
        Assert.Contains("No API key is known", elsewhere.Words, StringComparison.Ordinal);

        await File.WriteAllTextAsync(profile, "{", TestContext.Current.CancellationToken);
        var damaged = await folder.RunAsync("plan", "-no-color");
        Assert.NotEqual(0, damaged.ExitCode);
        Assert.Contains("is not a profile", damaged.Words, StringComparison.Ordinal);
    }

    private static string? RegionOf(FakeControl control, string name) =>
        (string?)control.Find(name)!.Inputs["region"];

    private static string Instance(string name) =>
        $$"""

            resource "dbaas_database_instance" "{{name}}" {
              name   = "{{name}}"
              engine = "postgresql"
            }
            """;
}
