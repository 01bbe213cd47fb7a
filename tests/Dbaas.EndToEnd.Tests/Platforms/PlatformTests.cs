using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Platforms;

/// <summary>Starting, starting again, and two installations on one box.</summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class PlatformTests(SharedPlatform shared)
{
    [Fact]
    public async Task Given_a_running_platform_when_it_is_started_again_then_nothing_changes_and_it_says_so()
    {
        var platform = await shared.RunningAsync();
        var before = Units(platform);

        var again = (await platform.UpAsync()).Succeeded();

        Assert.Contains("nothing to change", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, Units(platform));
    }

    [Fact]
    public async Task Given_one_installation_when_a_second_starts_beside_it_then_both_serve_and_the_second_leaves_no_trace()
    {
        var first = await shared.RunningAsync();
        var second = new Platform("beside");
        await second.StartAfreshAsync();
        try
        {
            Assert.NotEqual(first.InstallationId, second.InstallationId);
            Assert.NotEqual(first.Endpoint, second.Endpoint);
            await CreateAndQueryAsync(first, "e2e-beside");
            await CreateAndQueryAsync(second, "e2e-beside");
            Assert.Empty(await first.OrphansAsync());
            Assert.Empty(await second.OrphansAsync());
        }
        finally
        {
            var id = second.InstallationId;
            await second.CleanAsync();
            Assert.False(Directory.Exists(second.Root));
            Assert.Empty(await KernelObjects.OfAsync(id));
        }

        using var rest = first.Rest();
        Assert.Equal(
            "available",
            (string)Assert.Single(await rest.InstancesAsync("e2e-beside"))["status"]!
        );
        (await first.CliAsync("instance", "delete", "e2e-beside", "--wait")).Succeeded();
    }

    private static async Task CreateAndQueryAsync(Platform platform, string name)
    {
        using var document = new TemporaryFile(
            $$"""
            name: {{name}}
            engine: postgresql
            engineVersion: "18"
            region: local-b
            cpu: 1
            memoryGib: 0.5
            storageGib: 1
            allowedCidrs: ["127.0.0.0/8"]
            deletionProtection: false
            """
        );
        (await platform.CliAsync("apply", "-f", document.Path)).Succeeded();
        using var psql = new Psql(await Credentials.FetchAsync(platform, name));
        Assert.Equal("1", await psql.QueryAsync("select 1"));
    }

    private static List<int> Units(Platform platform) =>
        [
            .. (
                (string[])
                    [
                        "metadata",
                        "kms-local-a",
                        "kms-local-b",
                        "control",
                        "host-local-a",
                        "host-local-b",
                    ]
            ).Select(platform.ProcessOf),
        ];
}
