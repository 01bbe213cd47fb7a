using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Gateway;
using Dbaas.Host.Machines;
using Dbaas.Host.Native;
using Dbaas.Host.Networks;
using Dbaas.Host.Store;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Inventory;

/// <summary>
/// Everything of this region that exists on the box, found in kernel and file system by the names that carry the installation id. State
/// files only say whose it is, so what no state knows is listed too, without an owner.
/// </summary>
internal sealed class HostInventory(
    IContainers containers,
    Cgroups cgroups,
    EncryptedVolumes volumes,
    RuncMachines machines,
    TenantNetworks networks,
    ICommands commands,
    HostPaths paths,
    KernelNames names,
    PlatformInventory platform,
    IServiceProvider services
)
{
    /// <summary>Containers that serve the region as a whole.</summary>
    private static readonly string[] PlatformContainers = ["etcd", "gateway", "haproxy", "store"];

    public async Task<IReadOnlyList<InventoryItem>> ListAsync(CancellationToken cancellationToken)
    {
        var machineOwners = machines
            .List()
            .ToDictionary(machine => machine.Id, StringComparer.Ordinal);
        var items = new List<InventoryItem>();
        foreach (var container in await containers.ListAsync(cancellationToken))
        {
            items.Add(OfMachine("container", container.Name, container.State, machineOwners));
        }
        items.AddRange(
            cgroups
                .Children(names.RegionCgroup)
                .Select(name =>
                    OfMachine(
                        "cgroup",
                        name,
                        $"{cgroups.Processes(names.Cgroup(name)).Count} processes",
                        machineOwners
                    )
                )
        );
        items.AddRange(Namespaces(machineOwners));
        items.AddRange(Interfaces(machineOwners.Values));
        items.AddRange(Mounts(machineOwners));
        items.AddRange(Volumes());
        items.AddRange(platform.List());
        await AddFirewallAsync(items, cancellationToken);
        if (services.GetService<IGateway>() is { } gateway)
        {
            items.AddRange(
                await OrUnlistedAsync("gateway-entry", gateway.ListAsync(cancellationToken))
            );
        }
        if (services.GetService<IStore>() is { } store)
        {
            items.AddRange(await OrUnlistedAsync("store-user", store.ListAsync(cancellationToken)));
        }
        return items;
    }

    /// <summary>A part that does not answer must not hide all others; that it could not be listed is said in its place.</summary>
    private static async Task<IReadOnlyList<InventoryItem>> OrUnlistedAsync(
        string kind,
        Task<IReadOnlyList<InventoryItem>> listing
    )
    {
        try
        {
            return await listing;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return
            [
                new()
                {
                    Kind = kind,
                    Name = "(not listed)",
                    Detail = exception.Message,
                    Unlisted = true,
                },
            ];
        }
    }

    private static InventoryItem OfMachine(
        string kind,
        string name,
        string detail,
        Dictionary<string, MachineRecord> owners
    ) =>
        new()
        {
            Kind = kind,
            Name = name,
            Detail = detail,
            Owner = owners.GetValueOrDefault(name)?.Owner.ToMessage(),
            Platform = PlatformContainers.Contains(name),
        };

    private IEnumerable<InventoryItem> Namespaces(Dictionary<string, MachineRecord> owners)
    {
        if (!Directory.Exists("/run/netns"))
        {
            yield break;
        }
        foreach (var path in Directory.EnumerateFiles("/run/netns", names.Prefix + "*"))
        {
            var machine = Path.GetFileName(path)[names.Prefix.Length..];
            var item = OfMachine("network-namespace", machine, "", owners);
            item.Name = Path.GetFileName(path);
            yield return item;
        }
    }

    private IEnumerable<InventoryItem> Interfaces(IEnumerable<MachineRecord> records)
    {
        var veths = records.ToDictionary(
            record => names.Veth(System.Net.IPAddress.Parse(record.Address)),
            StringComparer.Ordinal
        );
        foreach (var folder in Directory.EnumerateDirectories("/sys/class/net"))
        {
            var device = Path.GetFileName(folder);
            if (device.StartsWith(names.VethPrefix, StringComparison.Ordinal))
            {
                yield return new()
                {
                    Kind = "veth",
                    Name = device,
                    Owner = veths.GetValueOrDefault(device)?.Owner.ToMessage(),
                };
            }
            else if (device.StartsWith(names.BridgePrefix, StringComparison.Ordinal))
            {
                yield return new()
                {
                    Kind = "bridge",
                    Name = device,
                    Owner = networks.TenantOfBridge(device) is { } tenant
                        ? new() { TenantId = tenant }
                        : null,
                };
            }
        }
    }

    private IEnumerable<InventoryItem> Mounts(Dictionary<string, MachineRecord> machineOwners)
    {
        foreach (var mount in MountTable.Read())
        {
            if (Below(mount.Target, paths.Mounts) is { } volume)
            {
                yield return new()
                {
                    Kind = "mount",
                    Name = mount.Target,
                    Detail = mount.Source,
                    Owner = volumes.Find(volume)?.Owner.ToMessage(),
                };
            }
            else if (
                (Below(mount.Target, paths.Containers) ?? Below(mount.Target, paths.Machines)) is
                { } machine
            )
            {
                var item = OfMachine("mount", machine, mount.Type, machineOwners);
                item.Name = mount.Target;
                yield return item;
            }
        }
        foreach (var (device, file) in LoopDevices.List())
        {
            if (Below(file, paths.Volumes) is { } image)
            {
                yield return new()
                {
                    Kind = "loop-device",
                    Name = device,
                    Detail = file,
                    Owner = volumes
                        .Find(Path.GetFileNameWithoutExtension(image))
                        ?.Owner.ToMessage(),
                };
            }
        }
    }

    private IEnumerable<InventoryItem> Volumes()
    {
        if (!Directory.Exists(paths.Volumes))
        {
            yield break;
        }
        foreach (var file in Directory.EnumerateFiles(paths.Volumes))
        {
            var id = Path.GetFileNameWithoutExtension(file);
            var record = volumes.Find(id);
            var open = record is not null && volumes.IsOpen(record);
            yield return new()
            {
                Kind = "volume",
                Name = Path.GetFileName(file),
                Detail = open ? "open" : "closed",
                Owner = record?.Owner.ToMessage(),
            };
            if (open)
            {
                yield return new()
                {
                    Kind = "volume-key",
                    Name = record!.KeyIdentifier,
                    Detail = id,
                    Owner = record.Owner.ToMessage(),
                };
            }
        }
    }

    private async Task AddFirewallAsync(
        List<InventoryItem> items,
        CancellationToken cancellationToken
    )
    {
        var table = await commands.TryAsync(
            "nft",
            ["list", "table", "inet", names.Table],
            cancellationToken
        );
        if (table.Succeeded)
        {
            items.Add(
                new()
                {
                    Kind = "nft-set",
                    Name = $"inet {names.Table}",
                    Platform = true,
                }
            );
        }
    }

    /// <summary>First name below a folder, or null when the path lies elsewhere.</summary>
    private static string? Below(string path, string folder) =>
        path.StartsWith(folder + "/", StringComparison.Ordinal)
            ? path[(folder.Length + 1)..].Split('/')[0]
            : null;
}
