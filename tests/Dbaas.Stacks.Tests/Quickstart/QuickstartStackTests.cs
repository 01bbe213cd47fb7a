using Dbaas.Stacks.Quickstart;

namespace Dbaas.Stacks.Tests.Quickstart;

public sealed class QuickstartStackTests
{
    private const string Project = "dbaas-quickstart";
    private const string Type = "dbaas:index:DatabaseInstance";

    [Fact]
    public async Task Given_no_configuration_when_declared_then_they_are_the_databases_of_the_example()
    {
        var run = new StackRun();

        await run.UpAsync<QuickstartStack>(Project, []);

        var database = run.The(Type, "quickstart");
        Assert.Equal("quickstart", database.Text("name"));
        Assert.Equal("postgresql", database.Text("engine"));
        Assert.Equal("127.0.0.0/8", database.Text("allowedCidrs.0"));
        Assert.Equal("8MB", database.Text("parameters.work_mem"));
        Assert.Equal(true, database.At("deletionProtection"));
        var mySql = run.The(Type, "quickstart-mysql");
        Assert.Equal("quickstart-mysql", mySql.Text("name"));
        Assert.Equal("mysql", mySql.Text("engine"));
        Assert.Equal("9.7", mySql.Text("engineVersion"));
        Assert.Equal(1.5, mySql.At("memoryGib"));
        Assert.Equal("512K", mySql.Text("parameters.sort_buffer_size"));
        Assert.Equal("127.0.0.0/8", mySql.Text("allowedCidrs.0"));
        Assert.Equal(true, mySql.At("deletionProtection"));
    }

    [Fact]
    public async Task Given_configuration_when_declared_then_it_is_taken()
    {
        var run = new StackRun();

        await run.UpAsync<QuickstartStack>(
            Project,
            new()
            {
                ["name"] = "orders",
                ["memoryGib"] = "4",
                ["allowedCidrs"] = new[] { "10.1.0.0/16" },
            }
        );

        var database = run.The(Type, "quickstart");
        Assert.Equal("orders", database.Text("name"));
        Assert.Equal(4d, database.At("memoryGib"));
        Assert.Equal("10.1.0.0/16", database.Text("allowedCidrs.0"));
        Assert.Equal("orders-mysql", run.The(Type, "quickstart-mysql").Text("name"));
    }

    [Fact]
    public async Task Given_wrong_configuration_when_run_then_all_faults_are_told_and_nothing_is_declared()
    {
        var run = new StackRun();

        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            run.UpAsync<QuickstartStack>(
                Project,
                new()
                {
                    ["name"] = "Orders!",
                    ["memoryGib"] = "much",
                    ["allowedCidrs"] = new[] { "10.1.0.0" },
                }
            )
        );

        var text = error.ToString();
        Assert.Contains("dbaas-quickstart:name: write a name", text, StringComparison.Ordinal);
        Assert.Contains(
            "memoryGib: write a whole number of GiB, 1 to 1024",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("allowedCidrs: write a list of networks", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Orders!", text, StringComparison.Ordinal);
        Assert.Empty(run.Of(Type));
    }
}
