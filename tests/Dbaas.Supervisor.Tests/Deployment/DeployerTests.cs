using Dbaas.Supervisor.Deployment;

namespace Dbaas.Supervisor.Tests.Deployment;

public sealed class DeployerTests
{
    [Fact]
    public void Given_published_programs_when_they_are_deployed_twice_then_the_second_time_changes_nothing()
    {
        using var root = new TemporaryRoot();
        using var artifacts = Publish("one");
        var deployer = new Deployer(root.Paths);

        var first = deployer.Deploy(artifacts.Paths.Root);
        var second = deployer.Deploy(artifacts.Paths.Root);

        Assert.True(first.Changed);
        Assert.False(second.Changed);
        Assert.Equal(first.Folder, second.Folder);
        Assert.Equal(
            "one",
            File.ReadAllText(Path.Combine(root.Paths.Current, "control", "program"))
        );
    }

    [Fact]
    public void Given_a_deployed_version_when_one_program_changes_then_only_its_hash_does_and_the_old_folder_goes()
    {
        using var root = new TemporaryRoot();
        using var artifacts = Publish("one");
        var deployer = new Deployer(root.Paths);
        var first = deployer.Deploy(artifacts.Paths.Root);
        File.WriteAllText(Path.Combine(artifacts.Paths.Root, "control", "program"), "two");

        var second = deployer.Deploy(artifacts.Paths.Root);

        Assert.True(second.Changed);
        Assert.NotEqual(first.Hashes["control"], second.Hashes["control"]);
        Assert.Equal(first.Hashes["host"], second.Hashes["host"]);
        Assert.False(Directory.Exists(first.Folder));
        Assert.Equal(
            "two",
            File.ReadAllText(Path.Combine(root.Paths.Current, "control", "program"))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Given_a_file_that_a_power_cut_emptied_or_took_when_the_same_is_deployed_again_then_it_is_whole(
        string? left
    )
    {
        using var root = new TemporaryRoot();
        using var artifacts = Publish("one");
        var deployer = new Deployer(root.Paths);
        var first = deployer.Deploy(artifacts.Paths.Root);
        var file = Path.Combine(first.Folder, "control", "program");
        File.Delete(file);
        if (left is not null)
        {
            File.WriteAllText(file, left);
        }

        var second = deployer.Deploy(artifacts.Paths.Root);

        Assert.True(second.Changed);
        Assert.Equal(first.Folder, second.Folder);
        Assert.Equal(
            "one",
            File.ReadAllText(Path.Combine(root.Paths.Current, "control", "program"))
        );
        Assert.False(deployer.Deploy(artifacts.Paths.Root).Changed);
    }

    [Fact]
    public void Given_a_new_agent_when_it_is_deployed_then_its_path_stays_so_that_running_machines_find_it()
    {
        using var root = new TemporaryRoot();
        using var artifacts = Publish("one");
        var deployer = new Deployer(root.Paths);
        deployer.Deploy(artifacts.Paths.Root);
        File.WriteAllText(Path.Combine(artifacts.Paths.Root, "agent", "program"), "two");

        deployer.Deploy(artifacts.Paths.Root);

        Assert.Equal("two", File.ReadAllText(Path.Combine(root.Paths.Agent, "program")));
    }

    [Fact]
    public void Given_a_program_is_missing_when_it_is_deployed_then_the_error_says_what_to_do()
    {
        using var root = new TemporaryRoot();
        using var artifacts = Publish("one");
        Directory.Delete(Path.Combine(artifacts.Paths.Root, "kms"), recursive: true);

        var error = Assert.Throws<SupervisorException>(() =>
            new Deployer(root.Paths).Deploy(artifacts.Paths.Root)
        );

        Assert.Contains("make publish", error.Message, StringComparison.Ordinal);
    }

    private static TemporaryRoot Publish(string content)
    {
        var artifacts = new TemporaryRoot();
        foreach (var program in Deployer.Programs)
        {
            Directory.CreateDirectory(Path.Combine(artifacts.Paths.Root, program));
            File.WriteAllText(Path.Combine(artifacts.Paths.Root, program, "program"), content);
        }

        return artifacts;
    }
}
