using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>Somebody changes an instance by other means, and an apply goes without a refresh: the state is out of date.</summary>
public sealed class OutsideChangeTests : IAsyncLifetime
{
    private const string Tag = "tags = { team = \"shop\" }";
    private FakeControl control = null!;

    public async ValueTask InitializeAsync() => control = await FakeControl.StartAsync();

    public ValueTask DisposeAsync() => control.DisposeAsync();

    [Fact]
    public async Task Given_protection_switched_on_outside_when_declared_with_a_tag_then_the_apply_shows_it_and_leaves_it_on()
    {
        using var folder = new TerraformFolder(control, Instance("deletion_protection = false"));
        await folder.ApplyAsync();
        control.Only.Inputs["deletionProtection"] = true;

        folder.Write(Instance($"deletion_protection = true\n {Tag}"));
        var output = await UnrefreshedAsync(folder);

        Assert.Contains("deletion_protection", output, StringComparison.Ordinal);
        Assert.True(control.Only.Protected);
        Assert.Equal("shop", (string?)control.Only.Inputs["tags"]!["team"]);
        await folder.AssertEmptyPlanAsync();
    }

    [Fact]
    public async Task Given_another_spelling_of_what_is_there_when_applied_with_a_tag_then_it_is_no_change_and_costs_one_look()
    {
        using var folder = new TerraformFolder(
            control,
            Instance("parameters = { work_mem = \"7MB\" }")
        );
        await folder.ApplyAsync();

        folder.Write(Instance($"parameters = {{ work_mem = \"7168kB\" }}\n {Tag}"));
        control.Requests.Clear();
        var plan = await folder.SucceedAsync("plan", "-no-color", "-refresh=false");

        Assert.DoesNotContain("work_mem", plan, StringComparison.Ordinal);
        Assert.Single(
            control.Requests,
            request => request.StartsWith("GET /v1/instances/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Given_a_key_changed_outside_when_none_is_declared_then_an_apply_of_a_tag_leaves_it()
    {
        using var folder = new TerraformFolder(control, Instance(""));
        await folder.ApplyAsync();
        control.Only.Inputs["kmsKeyId"] = "key_b";

        folder.Write(Instance(Tag));
        await UnrefreshedAsync(folder);

        Assert.Equal("shop", (string?)control.Only.Inputs["tags"]!["team"]);
        Assert.Equal("key_b", (string?)control.Only.Inputs["kmsKeyId"]);
        await folder.AssertEmptyPlanAsync();
    }

    private static Task<string> UnrefreshedAsync(TerraformFolder folder) =>
        folder.SucceedAsync("apply", "-auto-approve", "-no-color", "-refresh=false");

    private static string Instance(string body) =>
        $$"""
            resource "dbaas_database_instance" "orders" {
              name   = "orders"
              engine = "postgresql"
              {{body}}
            }
            """;
}
