using System.Collections.Immutable;
using Dbaas.Stacks.MultiRegion;

namespace Dbaas.Stacks.Tests.MultiRegion;

public sealed class MultiRegionStackTests
{
    private const string Project = "dbaas-multi-region";
    private const string Type = "dbaas:index:DatabaseInstance";

    [Fact]
    public async Task Given_two_regions_when_declared_then_each_has_a_protected_database_with_a_window_of_its_own()
    {
        var run = Platform();

        await run.UpAsync<MultiRegionStack>(Project, new() { ["name"] = "orders" });

        var databases = run.Of(Type).OrderBy(r => r.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(["orders-local-a", "orders-local-b"], databases.Select(d => d.Text("name")));
        Assert.Equal(["local-a", "local-b"], databases.Select(d => d.Text("region")));
        Assert.Equal(["monday", "tuesday"], databases.Select(d => d.Text("maintenanceWindow.day")));
        Assert.All(databases, d => Assert.Equal(true, d.At("deletionProtection")));
        Assert.All(databases, d => Assert.Equal("window", d.Text("changePolicy")));
    }

    [Fact]
    public async Task Given_a_region_named_twice_when_run_then_it_is_refused()
    {
        var run = Platform();

        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            run.UpAsync<MultiRegionStack>(
                Project,
                new() { ["name"] = "orders", ["regions"] = new[] { "local-a", "local-a" } }
            )
        );

        Assert.Contains("name each region once", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(run.Of(Type));
    }

    [Fact]
    public async Task Given_no_name_when_run_then_the_fault_names_the_key()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            Platform().UpAsync<MultiRegionStack>(Project, [])
        );

        Assert.Contains("dbaas-multi-region:name", error.ToString(), StringComparison.Ordinal);
    }

    private static StackRun Platform()
    {
        var run = new StackRun();
        run.Answers["dbaas:index:getRegions"] = ImmutableDictionary<string, object>.Empty.Add(
            "regions",
            new[] { Region("local-a"), Region("local-b") }.ToImmutableArray<object>()
        );
        run.Outputs[Type] = declared =>
            ImmutableDictionary<string, object>.Empty.Add(
                "endpoint",
                ImmutableDictionary<string, object>
                    .Empty.Add("host", $"{declared.Name}.example")
                    .Add("port", 5432)
            );
        return run;
    }

    private static ImmutableDictionary<string, object> Region(string name) =>
        ImmutableDictionary<string, object>
            .Empty.Add("name", name)
            .Add("available", true)
            .Add("freeMemoryGib", 8d)
            .Add("freeStorageGib", 80d);
}
