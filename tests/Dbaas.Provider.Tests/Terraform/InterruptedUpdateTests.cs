using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

public sealed class InterruptedUpdateTests
{
    [Fact]
    public async Task Given_an_update_that_outlasts_its_time_when_applied_then_the_message_says_that_its_end_does_not_show_in_a_plan()
    {
        await using var control = await FakeControl.StartAsync();
        using var folder = new TerraformFolder(control, Instance(cpu: 1));
        await folder.ApplyAsync();
        control.UpdateGate = new TaskCompletionSource(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        folder.Write(Instance(cpu: 4));
        var applied = await folder.RunAsync("apply", "-auto-approve", "-no-color");

        Assert.NotEqual(0, applied.ExitCode);
        Assert.Contains("may still fail and be undone", applied.Words, StringComparison.Ordinal);
        Assert.Contains("dbaas operation list", applied.Words, StringComparison.Ordinal);
        // As the message says: the operation still runs.
        await folder.AssertEmptyPlanAsync();
    }

    private static string Instance(int cpu) =>
        $$"""
            resource "dbaas_database_instance" "orders" {
              name     = "orders"
              engine   = "postgresql"
              cpu      = {{cpu}}
              timeouts = { update = "2s" }
            }
            """;
}
