using System.Globalization;
using System.Net;

namespace Dbaas.Host.Configuration;

/// <summary>
/// Names of everything this host makes in the kernel. All carry the installation id, so that what a dead run left is found
/// without any state, and two installations on one box never touch each other's objects.
/// </summary>
internal sealed class KernelNames(HostSettings options)
{
    /// <summary>Prefix of container ids and network namespaces of the installation.</summary>
    public string Prefix { get; } = $"dbaas-{options.InstallationId}-{options.Region}-";

    /// <summary>Cgroup of the region, relative to the root of each hierarchy.</summary>
    public string RegionCgroup { get; } = $"/dbaas-{options.InstallationId}/{options.Region}";

    /// <summary>nftables table of family inet.</summary>
    public string Table { get; } =
        $"dbaas_{options.InstallationId}_{options.Region.Replace('-', '_')}";

    /// <summary>Dummy interface that carries the service address.</summary>
    public string ServiceInterface { get; } =
        $"ds{options.InstallationId[..6]}{Octets(IPNetwork.Parse(options.MachineRange).BaseAddress, 1, 1)}";

    /// <summary>What bridges of this region begin with: the second octet tells regions of one box apart.</summary>
    public string BridgePrefix { get; } =
        $"db{options.InstallationId[..6]}{Octets(IPNetwork.Parse(options.MachineRange).BaseAddress, 1, 1)}";

    public string VethPrefix { get; } =
        $"dv{options.InstallationId[..6]}{Octets(IPNetwork.Parse(options.MachineRange).BaseAddress, 1, 1)}";

    public string Container(string name) => Prefix + name;

    public string Cgroup(string name) => $"{RegionCgroup}/{name}";

    /// <summary>Bridge of a tenant, from the gateway address of its /24.</summary>
    public string Bridge(IPAddress gateway) => BridgePrefix + Octets(gateway, 2, 1);

    /// <summary>Host side of a machine's interface, from the machine's address.</summary>
    public string Veth(IPAddress machine) => VethPrefix + Octets(machine, 2, 2);

    public string NetworkNamespace(string machineId) => Prefix + machineId;

    private static string Octets(IPAddress address, int first, int count) =>
        string.Concat(
            address
                .GetAddressBytes()
                .Skip(first)
                .Take(count)
                .Select(b => b.ToString("x2", CultureInfo.InvariantCulture))
        );
}
