using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Platforms;

/// <summary>The keeper of the metadata database dies, in an installation of its own.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class KilledKeeperTests
{
    [Fact]
    public async Task Given_a_killed_keeper_of_the_metadata_when_the_platform_stops_then_its_database_stops_and_a_clean_leaves_nothing()
    {
        var platform = new Platform("keeper");
        await platform.StartAfreshAsync();
        var id = platform.InstallationId;
        await AssertMetadataIsListedAsync(platform);
        await KillKeeperAsync(platform);
        await platform.DownAsync();
        Assert.Empty(platform.Processes());

        (await platform.UpAsync()).Succeeded();
        await KillKeeperAsync(platform);
        await platform.CleanAsync();

        Assert.Empty(
            ProcessTable.Where(pid =>
                ProcessTable.Cgroups(pid).Contains(id, StringComparison.Ordinal)
            )
        );
        Assert.Empty(await KernelObjects.OfAsync(id));
        Assert.False(Directory.Exists(platform.Root));
    }

    /// <summary>Once, whatever the number of regions, and as the platform's own.</summary>
    private static async Task AssertMetadataIsListedAsync(Platform platform)
    {
        using var rest = platform.Rest();
        var listed = (await rest.GetAsync("/v1/hosts/inventory"))["items"]!
            .AsArray()
            .Where(item => ((string)item!["name"]!).Contains("metadata", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(
            ["cgroup", "container", "mount"],
            listed.Select(item => (string)item!["kind"]!)
        );
        Assert.All(listed, item => Assert.True((bool)item!["platform"]!, item!.ToJsonString()));
        await platform.NoOrphansAsync();
    }

    /// <summary>First the supervisor and the loop behind it, so that nobody starts the keeper again.</summary>
    private static async Task KillKeeperAsync(Platform platform)
    {
        var supervisor = (int)platform.ReadJson("run/supervisor.json")["pid"]!;
        ProcessTable.Kill(ProcessTable.Parent(supervisor));
        ProcessTable.Kill(supervisor);
        var keeper = platform.ProcessOf("metadata");
        ProcessTable.Kill(keeper);
        await Eventually.HoldsAsync(
            () => Task.FromResult(!ProcessTable.IsAlive(keeper)),
            TimeSpan.FromSeconds(10),
            "the keeper is dead"
        );
        Assert.Contains(
            platform.Processes(),
            pid =>
                ProcessTable
                    .Cgroups(pid)
                    .Contains($"dbaas-{platform.InstallationId}/metadata", StringComparison.Ordinal)
        );
    }
}
