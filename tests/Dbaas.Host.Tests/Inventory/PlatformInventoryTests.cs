using Dbaas.Host.Commands;
using Dbaas.Host.Inventory;
using Dbaas.Host.Native;

namespace Dbaas.Host.Tests.Inventory;

/// <summary>Real cgroups, mounts and namespaces under an installation's id, some of them nobody's.</summary>
[Trait("Needs", "root")]
public sealed class PlatformInventoryTests : IAsyncLifetime
{
    private TestHost host = null!;
    private string stray = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await TestHost.StartAsync();
        stray = $"dbaas-{TestHost.InstallationId}-gone-mac_1";
        await File.WriteAllTextAsync(
            Path.Combine(host.Settings.Root, "installation.json"),
            """{"regions":[{"name":"test-a"},{"name":"test-b"}]}""",
            Cancel
        );
        foreach (var cgroup in (string[])["metadata/metadata", "metadata/old", "gone", "test-b/x"])
        {
            Directory.CreateDirectory(Cgroup(cgroup));
        }
        foreach (var mount in (string[])["hosts/metadata/containers/metadata/root", "left"])
        {
            var target = Directory.CreateDirectory(Path.Combine(host.Settings.Root, mount));
            Mount.At("none", target.FullName, "tmpfs", Mount.Options.NoSetUid, null);
        }
        Directory.CreateDirectory(
            Path.Combine(
                host.Settings.Root,
                "hosts/metadata/runc",
                $"dbaas-{TestHost.InstallationId}-metadata-metadata"
            )
        );
        await host.Commands.DoAsync("ip", ["netns", "add", stray], Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await host.Commands.TryAsync("ip", ["netns", "del", stray], CancellationToken.None);
        foreach (var mount in (string[])["hosts/metadata/containers/metadata/root", "left"])
        {
            Mount.Remove(Path.Combine(host.Settings.Root, mount), lazy: false);
        }
        host.Cgroups.Remove($"/dbaas-{TestHost.InstallationId}");
        await host.DisposeAsync();
    }

    [Fact]
    public void Given_the_platforms_own_things_and_strays_when_they_are_listed_then_only_the_strays_have_no_owner()
    {
        var items = new PlatformInventory(host.Settings, host.Cgroups).List();

        Assert.Equal(
            [
                "cgroup metadata/metadata",
                $"container dbaas-{TestHost.InstallationId}-metadata-metadata",
                $"mount {host.Settings.Root}/hosts/metadata/containers/metadata/root",
            ],
            Named(platform: true)
        );
        Assert.Equal(
            [
                "cgroup gone",
                "cgroup metadata/old",
                $"mount {host.Settings.Root}/left",
                $"network-namespace {stray}",
            ],
            Named(platform: false)
        );
        Assert.All(items, item => Assert.Null(item.Owner));

        IEnumerable<string> Named(bool platform) =>
            items
                .Where(item => item.Platform == platform)
                .Select(item => $"{item.Kind} {item.Name}")
                .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Given_the_host_of_another_region_when_it_is_asked_then_it_tells_nothing_a_second_time() =>
        Assert.Empty(
            new PlatformInventory(host.Settings with { Region = "test-b" }, host.Cgroups).List()
        );

    private static string Cgroup(string path) =>
        File.Exists("/sys/fs/cgroup/cgroup.controllers")
            ? $"/sys/fs/cgroup/dbaas-{TestHost.InstallationId}/{path}"
            : $"/sys/fs/cgroup/pids/dbaas-{TestHost.InstallationId}/{path}";
}
