using Dbaas.Client.Operations;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

public sealed class LifecycleTests : IAsyncLifetime
{
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    private static string Instance(string body = "", string name = "orders") =>
        $$"""
            resource "dbaas_database_instance" "orders" {
              name   = "{{name}}"
              engine = "postgresql"
              {{body}}
            }
            """;

    [Fact]
    public async Task Given_a_configuration_when_applied_changed_and_destroyed_then_each_plan_after_is_empty()
    {
        using var folder = new TerraformFolder(
            control,
            Instance("allowed_cidrs = [\"10.2.0.0/16\", \"10.1.0.0/16\"]")
        );
        await folder.ApplyAsync();
        Assert.True(control.Only.Acknowledged);
        await folder.AssertEmptyPlanAsync();

        folder.Write(
            Instance(
                "memory_gib = 2\n maintenance_window = { day = \"monday\", start_time = \"02:00\" }",
                name: "renamed"
            )
        );
        var output = await folder.ApplyAsync();
        Assert.Contains(
            "Restart: about 2 s of writes refused (measured)",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("Monthly cost: +12.30 EUR", output, StringComparison.Ordinal);
        Assert.Equal("renamed", control.Only.Name);
        Assert.Equal(60, (int?)control.Only.Inputs["maintenanceWindow"]!["durationMinutes"]);
        await folder.AssertEmptyPlanAsync();

        var refused = await folder.RunAsync("destroy", "-auto-approve", "-no-color");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("Deletion protection is on", refused.Output, StringComparison.Ordinal);
        Assert.Single(control.Instances);

        folder.Write(Instance("deletion_protection = false", name: "renamed"));
        await folder.ApplyAsync();
        await folder.SucceedAsync("destroy", "-auto-approve", "-no-color");
        Assert.Empty(control.Instances);
    }

    [Fact]
    public async Task Given_facts_that_change_by_themselves_when_planned_then_the_plan_is_empty()
    {
        using var folder = new TerraformFolder(
            control,
            Instance(
                "engine_version = \"18\"\n storage_gib = 20\n parameters = { work_mem = \"7MB\" }"
            )
        );
        await folder.ApplyAsync();

        control.Only.ActualVersion = "18.3";
        control.Only.GrownTo = 40;
        await folder.AssertEmptyPlanAsync();

        folder.Write(
            Instance(
                "engine_version = \"18\"\n storage_gib = 20\n parameters = { work_mem = \"7168kB\" }"
            )
        );
        await folder.AssertEmptyPlanAsync();
    }

    [Fact]
    public async Task Given_the_provider_names_a_region_when_it_changes_later_then_nothing_moves()
    {
        using var folder = new TerraformFolder(control, Instance());
        folder.Variables["DBAAS_REGION"] = "local-b";
        await folder.ApplyAsync();
        Assert.Equal("local-b", (string?)control.Only.Inputs["region"]);

        folder.Variables["DBAAS_REGION"] = "local-a";
        await folder.AssertEmptyPlanAsync();
    }

    [Fact]
    public async Task Given_an_existing_instance_when_imported_by_name_then_the_plan_is_empty()
    {
        using var first = new TerraformFolder(control, Instance("cpu = 2"));
        await first.ApplyAsync();

        using var second = new TerraformFolder(control, Instance("cpu = 2"));
        await second.SucceedAsync(
            "import",
            "-no-color",
            "dbaas_database_instance.orders",
            "orders"
        );
        await second.AssertEmptyPlanAsync();

        var wrong = await second.RunAsync(
            "import",
            "-no-color",
            "dbaas_database_instance.orders",
            "Not A Name"
        );
        Assert.NotEqual(0, wrong.ExitCode);
    }

    [Fact]
    public async Task Given_a_replacement_is_asked_for_when_planned_then_it_is_refused()
    {
        using var folder = new TerraformFolder(control, Instance());
        await folder.ApplyAsync();
        var id = control.Only.Id;

        var replaced = await folder.RunAsync(
            "apply",
            "-auto-approve",
            "-no-color",
            "-replace=dbaas_database_instance.orders"
        );
        Assert.NotEqual(0, replaced.ExitCode);
        Assert.Contains("is never replaced", replaced.Output, StringComparison.Ordinal);

        folder.Write(Instance("region = \"local-b\""));
        var moved = await folder.RunAsync("plan", "-no-color");
        Assert.NotEqual(0, moved.ExitCode);
        Assert.Contains(
            "region cannot be changed in place",
            moved.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(id, control.Only.Id);
    }

    [Fact]
    public async Task Given_the_instance_vanished_when_applied_then_it_is_created_again()
    {
        using var folder = new TerraformFolder(control, Instance());
        await folder.ApplyAsync();
        control.Instances.Clear();
        await folder.ApplyAsync();
        Assert.Single(control.Instances);
        await folder.AssertEmptyPlanAsync();
    }

    [Fact]
    public async Task Given_a_create_that_fails_when_applied_then_the_reason_is_shown_and_nothing_is_tainted()
    {
        control.NextCreateFails = new ProblemBody
        {
            Title = "PostgreSQL did not start",
            Status = 500,
            Code = "engine.start_failed",
            LogLines = ["FATAL:  could not map anonymous shared memory"],
        };
        using var folder = new TerraformFolder(control, Instance());
        var failed = await folder.RunAsync("apply", "-auto-approve", "-no-color");
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("PostgreSQL did not start", failed.Output, StringComparison.Ordinal);
        Assert.Contains(
            "could not map anonymous shared memory",
            failed.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("tainted", folder.State, StringComparison.Ordinal);
        Assert.DoesNotContain("ins_", folder.State, StringComparison.Ordinal);

        await folder.ApplyAsync();
        Assert.Single(control.Instances);
    }

    [Fact]
    public async Task Given_a_throttling_service_when_applied_then_it_is_asked_again()
    {
        using var folder = new TerraformFolder(control, Instance());
        control.Throttled = 3;
        await folder.ApplyAsync();
        Assert.Equal(0, control.Throttled);
    }
}
