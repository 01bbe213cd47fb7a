using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>A tenant that is mistyped or was taken away is an error, and never a database that is gone.</summary>
public sealed class TenantTests
{
    [Fact]
    public async Task Given_a_wrong_tenant_when_planned_refreshed_and_destroyed_then_the_setting_is_named_and_the_state_is_kept()
    {
        await using var control = await FakeControl.StartAsync();
        control.Tenants = ["shop"];
        using var folder = new TerraformFolder(
            control,
            """
            resource "dbaas_database_instance" "orders" {
              name                = "orders"
              engine              = "postgresql"
              deletion_protection = false
            }
            """
        );
        folder.Variables["DBAAS_TENANT"] = "shop";
        await folder.ApplyAsync();
        var state = folder.State;

        folder.Variables["DBAAS_TENANT"] = "shpo";
        string[][] commands =
        [
            ["plan"],
            ["apply", "-refresh-only", "-auto-approve"],
            ["destroy", "-auto-approve"],
            ["destroy", "-auto-approve", "-refresh=false"],
        ];
        foreach (var command in commands)
        {
            var result = await folder.RunAsync([.. command, "-no-color"]);
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains(
                "There is no tenant 'shpo' for this API key",
                result.Words,
                StringComparison.Ordinal
            );
            Assert.Contains("DBAAS_TENANT", result.Words, StringComparison.Ordinal);
            Assert.Equal(state, folder.State);
        }

        Assert.Single(control.Instances);
        folder.Variables["DBAAS_TENANT"] = "shop";
        await folder.AssertEmptyPlanAsync();
    }
}
