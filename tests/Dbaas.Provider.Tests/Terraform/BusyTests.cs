using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>What passes is waited for: work of the platform itself on an instance, and a host that restarts.</summary>
public sealed class BusyTests : IAsyncLifetime
{
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Fact]
    public async Task Given_an_operation_of_the_platform_when_changed_or_destroyed_meanwhile_then_the_run_waits_and_succeeds()
    {
        using var folder = new TerraformFolder(control, Instance(cpu: 1));
        await folder.ApplyAsync();

        folder.Write(Instance(cpu: 4));
        await WhileBusyAsync(folder.ApplyAsync, "PUT /v1/instances/");
        Assert.Equal(4, (double?)control.Only.Inputs["cpu"]);

        await WhileBusyAsync(
            () => folder.SucceedAsync("destroy", "-auto-approve", "-no-color"),
            "POST /v1/plan"
        );
        Assert.Empty(control.Instances);
    }

    [Fact]
    public async Task Given_hosts_that_restart_when_a_create_is_planned_then_the_run_asks_again_and_succeeds()
    {
        using var folder = new TerraformFolder(control, Instance(cpu: 1));
        control.HostsAway = 2;

        await folder.ApplyAsync();

        Assert.Equal(0, control.HostsAway);
        Assert.Equal(1, (double?)control.Only.Inputs["cpu"]);
    }

    /// <summary>Runs while an operation is under way, which ends once the run was turned away.</summary>
    private async Task WhileBusyAsync(Func<Task> run, string request)
    {
        var operation = new TaskCompletionSource();
        control.Only.Done = operation.Task;
        control.Requests.Clear();
        var running = run();
        while (
            !running.IsCompleted
            && !control.Requests.Any(made => made.StartsWith(request, StringComparison.Ordinal))
        )
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.False(running.IsCompleted);
        operation.SetResult();
        await running;
    }

    private static string Instance(int cpu) =>
        $$"""
            resource "dbaas_database_instance" "orders" {
              name                = "orders"
              engine              = "postgresql"
              cpu                 = {{cpu}}
              deletion_protection = false
            }
            """;
}
