using System.Text.Json;
using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Metadata;
using Dbaas.Host.Native;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Inventory;

/// <summary>
/// What exists on the box for the installation as a whole and not for a region: the metadata's database, and whatever carries the
/// installation's id without belonging to one of its regions. Told by the host of the first region alone, so that it is listed once.
/// </summary>
internal sealed class PlatformInventory(HostSettings settings, Cgroups cgroups)
{
    private const string Metadata = "metadata";
    private readonly string _prefix = $"dbaas-{settings.InstallationId}-";
    private readonly string _cgroup = $"/dbaas-{settings.InstallationId}";

    /// <summary>Empty where another host tells it, and on a host that is not on the installation's own box.</summary>
    public IReadOnlyList<InventoryItem> List()
    {
        var regions = Regions();
        return regions.FirstOrDefault() == settings.Region
            ?
            [
                .. Containers(),
                .. ControlGroups(regions),
                .. NetworkNamespaces(regions),
                .. Mounts(regions),
            ]
            : [];
    }

    private List<string> Regions()
    {
        var file = Path.Combine(settings.Root, "installation.json");
        if (!File.Exists(file))
        {
            return [];
        }
        using var installation = JsonDocument.Parse(File.ReadAllBytes(file));
        return
        [
            .. installation
                .RootElement.GetProperty("regions")
                .EnumerateArray()
                .Select(region => region.GetProperty("name").GetString()!),
        ];
    }

    private IEnumerable<InventoryItem> Containers()
    {
        var folder = Path.Combine(settings.Root, "hosts", Metadata, "runc");
        if (!Directory.Exists(folder))
        {
            yield break;
        }
        foreach (var path in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(path);
            var status = RuncState.Read(name, path);
            yield return Item(
                "container",
                name,
                status?.State ?? "unknown",
                name == $"{_prefix}{Metadata}-{MetadataContainer.Name}"
            );
        }
    }

    private IEnumerable<InventoryItem> ControlGroups(List<string> regions) =>
        cgroups
            .Children(_cgroup)
            .Where(name => !regions.Contains(name))
            .SelectMany(name =>
                name == Metadata
                    ? cgroups.Children($"{_cgroup}/{name}").Select(inner => $"{name}/{inner}")
                    : [name]
            )
            .Select(name =>
                Item(
                    "cgroup",
                    name,
                    $"{cgroups.Processes($"{_cgroup}/{name}").Count} processes",
                    name == $"{Metadata}/{MetadataContainer.Name}"
                )
            );

    /// <summary>The platform itself needs none.</summary>
    private IEnumerable<InventoryItem> NetworkNamespaces(List<string> regions) =>
        (
            Directory.Exists("/run/netns")
                ? Directory.EnumerateFiles("/run/netns", _prefix + "*")
                : []
        )
            .Select(path => Path.GetFileName(path)!)
            .Where(name =>
                !regions.Exists(region =>
                    name.StartsWith($"{_prefix}{region}-", StringComparison.Ordinal)
                )
            )
            .Select(name => Item("network-namespace", name, "", platform: false));

    private IEnumerable<InventoryItem> Mounts(List<string> regions)
    {
        var ours = Path.Combine(
            settings.Root,
            "hosts",
            Metadata,
            "containers",
            MetadataContainer.Name
        );
        return MountTable
            .Read()
            .Where(mount =>
                mount.Target.StartsWith(settings.Root + "/", StringComparison.Ordinal)
                && !regions.Exists(region =>
                    mount.Target.StartsWith(
                        Path.Combine(settings.Root, "hosts", region) + "/",
                        StringComparison.Ordinal
                    )
                )
            )
            .Select(mount =>
                Item(
                    "mount",
                    mount.Target,
                    mount.Type,
                    mount.Target.StartsWith(ours + "/", StringComparison.Ordinal)
                )
            );
    }

    private static InventoryItem Item(string kind, string name, string detail, bool platform) =>
        new()
        {
            Kind = kind,
            Name = name,
            Detail = detail,
            Platform = platform,
        };
}
