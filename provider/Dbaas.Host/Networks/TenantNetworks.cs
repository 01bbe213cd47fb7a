using System.Collections.Concurrent;
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

    /// <summary>Bridges and machines whose last call to the kernel this process saw succeed. That a device exists says less.</summary>
    private readonly ConcurrentDictionary<string, byte> complete = new(StringComparer.Ordinal);

    /// <summary>Firewall, service address and the dead end; at the start of the daemon, since a reboot takes them away.</summary>
    public async Task EnsureFoundationsAsync(CancellationToken cancellationToken)
    {
        var rules = Firewall.Rules(settings, names);
        (await commands.RunAsync("nft", ["-f", "-"], rules, cancellationToken)).EnsureSucceeded();
        await EnsureServiceAddressAsync(cancellationToken);
        // A machine's address without a bridge must not leave by the default route: who knows what answers there.
        await commands.DoAsync(
            "ip",
            ["route", "replace", "unreachable", settings.MachineRange],
            cancellationToken
        );
    }

    /// <summary>
    /// Draws an address for a new machine, and the tenant's /24 with its first. Nobody else draws, and no tenant's network is taken
    /// away, until <paramref name="keep"/> has stored the address where <paramref name="taken"/> and the asker of
    /// <see cref="RemoveTenantAsync"/> find it.
    /// </summary>
    /// <exception cref="HostRefusal">No network or no address is free.</exception>
    public async Task<T> DrawAddressAsync<T>(
        string tenantId,
        Func<IReadOnlyCollection<IPAddress>> taken,
        Func<IPAddress, T> keep,
        CancellationToken cancellationToken
    )
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return keep(AddressPlan.FreeAddress(range, SubnetOf(tenantId), taken()));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Makes bridge, namespace and interface of a machine, whatever part of them is there. The link is down until plugged.</summary>
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
        await EnsureBridgeAsync(bridge, gateway, cancellationToken);
        var exists = Exists(veth) && File.Exists($"/run/netns/{space}");
        if (exists && complete.ContainsKey(veth))
        {
            return;
        }
        if (!exists)
        {
            await RemoveMachineAsync(machineId, address, cancellationToken);
            await BatchAsync(
                null,
                [
                    $"netns add {space}",
                    $"link add {veth} type veth peer name eth0 address {AddressPlan.Hardware(address)} netns {space}",
                ],
                cancellationToken
            );
        }
        // A crash may have come between any two of these, so whatever exists already hears all of it again.
        await DisableIpv6InsideAsync(space, cancellationToken);
        await SetUpInsideAsync(space, gateway, address, cancellationToken);
        DisableIpv6(veth);
        // Isolated ports reach the bridge itself but not each other: two instances of one tenant are apart until allowed.
        // What the host knows of the address may be of a machine that had it before hardware addresses came from addresses.
        await BatchAsync(
            null,
            [
                $"link set {veth} master {bridge}",
                $"link set {veth} type bridge_slave isolated on",
                $"neigh flush to {address} dev {bridge}",
            ],
            cancellationToken
        );
        complete[veth] = 0;
        LogAttached(machineId, address);
    }

    /// <summary>Pulls the plug: no packet of the machine arrives anywhere from now on. First act of fencing.</summary>
    public async Task UnplugAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var veth = names.Veth(address);
        if (Exists(veth))
        {
            await commands.TryAsync("ip", ["link", "set", veth, "down"], cancellationToken);
        }
    }

    /// <summary>Plugs a machine in: one that was just made, or one that was fenced.</summary>
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
        complete.TryRemove(veth, out _);
        if (Exists(veth))
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

    /// <summary>Removes a tenant's bridge and forgets its /24, unless it has a machine here after all.</summary>
    /// <param name="tenantId">Whose network goes.</param>
    /// <param name="hasMachine">Asked in the tenant's turn: a machine that was drawn a moment ago keeps the network.</param>
    /// <param name="cancellationToken">Ends the wait for the turn.</param>
    public async Task RemoveTenantAsync(
        string tenantId,
        Func<bool> hasMachine,
        CancellationToken cancellationToken
    )
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (hasMachine() || records.Load(tenantId) is not { } record)
            {
                return;
            }
            var bridge = names.Bridge(AddressPlan.Gateway(range, record.Subnet));
            complete.TryRemove(bridge, out _);
            if (Exists(bridge))
            {
                await commands.DoAsync("ip", ["link", "del", bridge], cancellationToken);
            }
            records.Remove(tenantId);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Tenant of a bridge of ours; null when no record names it.</summary>
    public string? TenantOfBridge(string bridge) =>
        records
            .List()
            .FirstOrDefault(r => names.Bridge(AddressPlan.Gateway(range, r.Subnet)) == bridge)
            ?.TenantId;

    public void Dispose() => gate.Dispose();
}
