using System.Net;
using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;
using Dbaas.Host.State;

namespace Dbaas.Host.Networks;

/// <summary>
/// A bridge for each tenant, a network namespace for each machine, and a firewall that lets machines reach the region's store and
/// nothing else of the host. Everything is an ensure. Programs are called in batches: creation time is mostly their start.
/// </summary>
internal sealed partial class TenantNetworks(
    ICommands commands,
    HostSettings settings,
    KernelNames names,
    StateFolder<TenantNetworkRecord> records,
    ILogger<TenantNetworks> logger
) : IDisposable
{
    private readonly IPAddress range = IPNetwork.Parse(settings.MachineRange).BaseAddress;
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Firewall and service address; at the start of the daemon, since a reboot takes both away.</summary>
    public async Task EnsureFoundationsAsync(CancellationToken cancellationToken)
    {
        var rules = Firewall.Rules(settings, names);
        (await commands.RunAsync("nft", ["-f", "-"], rules, cancellationToken)).EnsureSucceeded();
        await EnsureServiceAddressAsync(cancellationToken);
    }

    /// <summary>The /24 of a tenant, drawn on first use.</summary>
    public int SubnetOf(string tenantId)
    {
        gate.Wait();
        try
        {
            if (records.Load(tenantId) is { } known)
            {
                return known.Subnet;
            }
            var subnet = AddressPlan.FreeSubnet(records.List().Select(record => record.Subnet));
            records.Save(tenantId, new(tenantId, subnet));
            return subnet;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Address for a new machine of the tenant, none of those taken.</summary>
    public IPAddress FreeAddress(string tenantId, IReadOnlyCollection<IPAddress> taken) =>
        AddressPlan.FreeAddress(range, SubnetOf(tenantId), taken);

    /// <summary>Makes bridge, namespace and interface of a machine, whatever part of them is there.</summary>
    public async Task EnsureMachineAsync(
        string machineId,
        IPAddress address,
        CancellationToken cancellationToken
    )
    {
        var gateway = AddressPlan.Gateway(range, address.GetAddressBytes()[2]);
        var space = names.NetworkNamespace(machineId);
        var bridge = names.Bridge(gateway);
        var veth = names.Veth(address);
        if (!Directory.Exists($"/sys/class/net/{bridge}"))
        {
            await EnsureBridgeAsync(bridge, gateway, cancellationToken);
        }
        if (Directory.Exists($"/sys/class/net/{veth}") && File.Exists($"/run/netns/{space}"))
        {
            // The host side exists, so its peer does, but a crash may have come before the rest. All of it can be said again.
            await SetUpInsideAsync(space, gateway, address, cancellationToken);
            return;
        }
        await RemoveMachineAsync(machineId, address, cancellationToken);
        await BatchAsync(
            null,
            [$"netns add {space}", $"link add {veth} type veth peer name eth0 netns {space}"],
            cancellationToken
        );
        await DisableIpv6InsideAsync(space, cancellationToken);
        await SetUpInsideAsync(space, gateway, address, cancellationToken);
        DisableIpv6(veth);
        // Isolated ports reach the bridge itself but not each other: two instances of one tenant are apart until allowed.
        await BatchAsync(
            null,
            [
                $"link set {veth} master {bridge}",
                $"link set {veth} type bridge_slave isolated on",
                $"link set {veth} up",
            ],
            cancellationToken
        );
        LogAttached(machineId, address);
    }

    /// <summary>Pulls the plug: no packet of the machine arrives anywhere from now on. First act of fencing.</summary>
    public async Task UnplugAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var veth = names.Veth(address);
        if (Directory.Exists($"/sys/class/net/{veth}"))
        {
            await commands.TryAsync("ip", ["link", "set", veth, "down"], cancellationToken);
        }
    }

    /// <summary>Plugs a machine in again that was fenced.</summary>
    public async Task PlugAsync(IPAddress address, CancellationToken cancellationToken) =>
        await commands.DoAsync("ip", ["link", "set", names.Veth(address), "up"], cancellationToken);

    /// <summary>Removes namespace and interface; the bridge stays for the tenant's next machine.</summary>
    public async Task<bool> RemoveMachineAsync(
        string machineId,
        IPAddress address,
        CancellationToken cancellationToken
    )
    {
        var space = names.NetworkNamespace(machineId);
        var veth = names.Veth(address);
        var existed = false;
        if (Directory.Exists($"/sys/class/net/{veth}"))
        {
            existed = true;
            await commands.TryAsync("ip", ["link", "del", veth], cancellationToken);
        }
        if (File.Exists($"/run/netns/{space}"))
        {
            existed = true;
            await commands.DoAsync("ip", ["netns", "del", space], cancellationToken);
        }
        return existed;
    }

    /// <summary>Removes a tenant's bridge and forgets its /24, once it has no machine here.</summary>
    public async Task RemoveTenantAsync(string tenantId, CancellationToken cancellationToken)
    {
        if (records.Load(tenantId) is not { } record)
        {
            return;
        }
        var bridge = names.Bridge(AddressPlan.Gateway(range, record.Subnet));
        if (Directory.Exists($"/sys/class/net/{bridge}"))
        {
            await commands.TryAsync("ip", ["link", "del", bridge], cancellationToken);
        }
        records.Remove(tenantId);
    }

    /// <summary>Tenant of a bridge of ours; null when no record names it.</summary>
    public string? TenantOfBridge(string bridge) =>
        records
            .List()
            .FirstOrDefault(r => names.Bridge(AddressPlan.Gateway(range, r.Subnet)) == bridge)
            ?.TenantId;

    public void Dispose() => gate.Dispose();

    private async Task EnsureBridgeAsync(
        string bridge,
        IPAddress gateway,
        CancellationToken cancellationToken
    )
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (Directory.Exists($"/sys/class/net/{bridge}"))
            {
                return;
            }
            // Address and up in one call with the creation would be nicer; a crash in between is met by `replace` at the next ensure.
            await BatchAsync(null, [$"link add {bridge} type bridge"], cancellationToken);
            DisableIpv6(bridge);
            await BatchAsync(
                null,
                [$"addr replace {gateway}/24 dev {bridge}", $"link set {bridge} up"],
                cancellationToken
            );
        }
        finally
        {
            gate.Release();
        }
    }

    private Task SetUpInsideAsync(
        string space,
        IPAddress gateway,
        IPAddress address,
        CancellationToken cancellationToken
    ) =>
        BatchAsync(
            space,
            [
                "link set lo up",
                $"addr replace {address}/24 dev eth0",
                "link set eth0 up",
                $"route replace {settings.ServiceAddress}/32 via {gateway}",
            ],
            cancellationToken
        );

    private async Task DisableIpv6InsideAsync(string space, CancellationToken cancellationToken)
    {
        if (Directory.Exists("/proc/sys/net/ipv6"))
        {
            await commands.DoAsync(
                "ip",
                [
                    "netns",
                    "exec",
                    space,
                    "sysctl",
                    "-qw",
                    "net.ipv6.conf.all.disable_ipv6=1",
                    "net.ipv6.conf.default.disable_ipv6=1",
                ],
                cancellationToken
            );
        }
    }

    private static void DisableIpv6(string device)
    {
        var file = $"/proc/sys/net/ipv6/conf/{device}/disable_ipv6";
        if (File.Exists(file))
        {
            File.WriteAllText(file, "1");
        }
    }

    private async Task EnsureServiceAddressAsync(CancellationToken cancellationToken)
    {
        var device = names.ServiceInterface;
        if (!Directory.Exists($"/sys/class/net/{device}"))
        {
            var made = await commands.TryAsync(
                "ip",
                ["link", "add", device, "type", "dummy"],
                cancellationToken
            );
            device = made.Succeeded ? device : "lo"; // kernels without the dummy driver
        }
        await BatchAsync(
            null,
            [$"addr replace {settings.ServiceAddress}/32 dev {device}", $"link set {device} up"],
            cancellationToken
        );
    }

    private async Task BatchAsync(
        string? space,
        IReadOnlyList<string> lines,
        CancellationToken cancellationToken
    )
    {
        string[] where = space is null ? [] : ["-n", space];
        var result = await commands.RunAsync(
            "ip",
            [.. where, "-batch", "-"],
            string.Join('\n', lines) + "\n",
            cancellationToken
        );
        result.EnsureSucceeded();
    }

    [LoggerMessage(4201, LogLevel.Information, "Machine {Machine} attached at {Address}")]
    private partial void LogAttached(string machine, IPAddress address);
}
