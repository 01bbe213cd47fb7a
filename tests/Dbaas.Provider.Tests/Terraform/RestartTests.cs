using System.Diagnostics;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>The service restarts in the middle of an apply: the apply goes on.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Theory]
    [InlineData(Restarts.Refused)]
    [InlineData(Restarts.AnswerLost)]
    [InlineData(Restarts.AnswerBroken)]
    [InlineData("503 with a body")]
    public async Task Given_a_service_that_restarts_at_every_request_when_applied_planned_and_destroyed_then_each_succeeds_the_first_time(
        string way
    )
    {
        using var folder = new TerraformFolder(control, Instance(cpu: 1));
        Restarts.Plan(control, way);
        await folder.ApplyAsync();
        Assert.Empty(control.Deaths);
        Assert.True(control.Only.Acknowledged);
        await folder.AssertEmptyPlanAsync();

        folder.Write(Instance(cpu: 4));
        // The refresh is the first thing this run asks.
        Restarts.Plan(control, way, "PUT /v1/instances/*");
        await folder.ApplyAsync();
        Assert.Equal(4, (double?)control.Only.Inputs["cpu"]);

        Restarts.Plan(control, way, "GET /v1/instances/*", "DELETE /v1/instances/*");
        await folder.SucceedAsync("destroy", "-auto-approve", "-no-color");
        Assert.Empty(control.Deaths);
        Assert.Empty(control.Instances);
    }

    [Fact]
    public async Task Given_a_service_that_never_answered_when_planned_then_the_plan_fails_within_seconds()
    {
        using var folder = new TerraformFolder(control, Instance(cpu: 1));
        folder.Variables["DBAAS_ENDPOINT"] = "https://127.0.0.1:1";
        var began = Stopwatch.GetTimestamp();
        var plan = await folder.RunAsync("plan", "-no-color");
        Assert.NotEqual(0, plan.ExitCode);
        Assert.Contains("cannot be reached", plan.Words, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 20);
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
