using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>Provider and service of different versions: whoever reads the message knows which of the two to upgrade.</summary>
public sealed class VersionSkewTests
{
    [Theory]
    [InlineData("0.0.9", "upgrade the control service")]
    [InlineData("9.0.0", "upgrade the provider")]
    public async Task Given_a_service_of_another_version_when_it_answers_another_type_or_lacks_a_route_then_the_message_says_which_to_upgrade(
        string version,
        string advice
    )
    {
        await using var control = await FakeControl.StartAsync();
        control.Version = version;
        control.Misshapes = true;
        using var folder = new TerraformFolder(control, Instance(cpu: 1));
        await AssertAdvisedAsync("apply", "-auto-approve");
        control.Misshapes = false;
        await folder.ApplyAsync();
        var id = control.Only.Id;

        folder.Write(Instance(cpu: 2));
        control.Misshapes = true;
        await AssertAdvisedAsync("plan");
        await AssertAdvisedAsync("apply", "-auto-approve", "-refresh=false");
        control.Misshapes = false;
        control.ReadsAnswer404 = "request.route_unknown";
        await AssertAdvisedAsync("plan");
        Assert.Contains(id, folder.State, StringComparison.Ordinal);

        async Task AssertAdvisedAsync(params string[] arguments)
        {
            var result = await folder.RunAsync([.. arguments, "-no-color"]);
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains(advice, result.Words, StringComparison.Ordinal);
            Assert.DoesNotContain("report this", result.Words, StringComparison.Ordinal);
        }
    }

    private static string Instance(int cpu) =>
        $$"""
            resource "dbaas_database_instance" "orders" {
              name   = "orders"
              engine = "postgresql"
              cpu    = {{cpu}}
            }
            """;
}
