using System.Text.Json.Nodes;
using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Native;
using Dbaas.Host.Volumes;

namespace Dbaas.Host.Sweeping;

/// <summary>
/// Removes everything of this region of the installation from kernel and disk, known to state files or not: it goes by the names
/// alone. For <c>make clean</c> and for tests that sweep what a dead run left.
/// </summary>
internal sealed partial class RegionSweep(
    IContainers containers,
    Cgroups cgroups,
    ICommands commands,
    HostPaths paths,
    KernelNames names,
    HostSettings settings,
    ILogger<RegionSweep> logger
)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var name in await ContainerNamesAsync(cancellationToken))
        {
            await containers.DeleteAsync(name, cancellationToken);
        }
        cgroups.Remove(names.RegionCgroup);
        RemoveInstallationCgroup();
        await RemoveNetworksAsync(cancellationToken);
        RemoveMounts();
        if (Directory.Exists(paths.Region))
        {
            Directory.Delete(paths.Region, recursive: true);
        }
        LogSwept(settings.Region);
    }

    /// <summary>By runtime state, by folder and by cgroup: a crash may have left any one of them.</summary>
    private async Task<IReadOnlyList<string>> ContainerNamesAsync(
        CancellationToken cancellationToken
    ) =>
        [
            .. (await containers.ListAsync(cancellationToken))
                .Select(container => container.Name)
                .Concat(
                    Directory.Exists(paths.Containers)
                        ? Directory
                            .EnumerateDirectories(paths.Containers)
                            .Select(folder => Path.GetFileName(folder)!)
                        : []
                )
                .Concat(cgroups.Children(names.RegionCgroup))
                .Distinct(StringComparer.Ordinal),
        ];

    private void RemoveInstallationCgroup()
    {
        var parent = Path.GetDirectoryName(names.RegionCgroup)!;
        if (cgroups.Children(parent).Count == 0) // other regions of the installation may still be there
        {
            cgroups.Remove(parent);
        }
    }

    private async Task RemoveNetworksAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists("/run/netns"))
        {
            foreach (var space in Directory.EnumerateFiles("/run/netns", names.Prefix + "*"))
            {
                await commands.TryAsync(
                    "ip",
                    ["netns", "del", Path.GetFileName(space)],
                    cancellationToken
                );
            }
        }
        foreach (var device in Directory.EnumerateDirectories("/sys/class/net"))
        {
            var name = Path.GetFileName(device);
            if (
                name.StartsWith(names.VethPrefix, StringComparison.Ordinal)
                || name.StartsWith(names.BridgePrefix, StringComparison.Ordinal)
                || name == names.ServiceInterface
            )
            {
                await commands.TryAsync("ip", ["link", "del", name], cancellationToken);
            }
        }
        await RemoveServiceAddressAsync(cancellationToken);
        await commands.TryAsync(
            "ip",
            ["route", "del", "unreachable", settings.MachineRange],
            cancellationToken
        );
        await commands.TryAsync("nft", ["delete", "table", "inet", names.Table], cancellationToken);
    }

    /// <summary>Where the kernel has no dummy interface the address sits on lo.</summary>
    private async Task RemoveServiceAddressAsync(CancellationToken cancellationToken)
    {
        var shown = await commands.TryAsync(
            "ip",
            ["-j", "address", "show", "to", settings.ServiceAddress],
            cancellationToken
        );
        if (JsonNode.Parse(shown.Output) is not JsonArray devices)
        {
            return;
        }
        foreach (var device in devices.Select(node => node?["ifname"]?.GetValue<string>()))
        {
            if (device is not null)
            {
                await commands.TryAsync(
                    "ip",
                    ["address", "del", settings.ServiceAddress + "/32", "dev", device],
                    cancellationToken
                );
            }
        }
    }

    private void RemoveMounts()
    {
        var below = paths.Region + "/";
        foreach (
            var mount in MountTable
                .Read()
                .Where(mount => mount.Target.StartsWith(below, StringComparison.Ordinal))
                .Reverse()
        )
        {
            Mount.Remove(mount.Target, lazy: false);
        }
        foreach (
            var (device, _) in LoopDevices
                .List()
                .Where(loop => loop.File.StartsWith(below, StringComparison.Ordinal))
        )
        {
            LoopDevices.Detach(device);
        }
    }

    [LoggerMessage(4401, LogLevel.Information, "Region {Region} swept")]
    private partial void LogSwept(string region);
}
