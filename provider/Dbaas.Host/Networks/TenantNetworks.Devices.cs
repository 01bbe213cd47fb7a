using System.Net;
using Dbaas.Host.Commands;

namespace Dbaas.Host.Networks;

/// <content>How bridges and interfaces get what makes them complete.</content>
internal sealed partial class TenantNetworks
{
    /// <summary>The /24 of a tenant, drawn on first use. Only in the caller's turn.</summary>
    private int SubnetOf(string tenantId)
    {
        if (records.Load(tenantId) is { } known)
        {
            return known.Subnet;
        }
        var subnet = AddressPlan.FreeSubnet(records.List().Select(record => record.Subnet));
        records.Save(tenantId, new(tenantId, subnet));
        return subnet;
    }

    private async Task EnsureBridgeAsync(
        string bridge,
        IPAddress gateway,
        CancellationToken cancellationToken
    )
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var exists = Exists(bridge);
            if (exists && complete.ContainsKey(bridge))
            {
                return;
            }
            if (!exists)
            {
                await BatchAsync(null, [$"link add {bridge} type bridge"], cancellationToken);
            }
            // Also to a bridge that was there: a daemon that died right after making it left it without its address, and so without
            // a route to any machine behind it.
            DisableIpv6(bridge);
            // Unless it is set, a bridge takes the lowest hardware address of its ports, and so another one when that port goes: the
            // tenant's other machines would answer to the old one. One that is in use is kept, since they know it.
            var hardware = exists
                ? (
                    await File.ReadAllTextAsync(
                        $"/sys/class/net/{bridge}/address",
                        cancellationToken
                    )
                ).Trim()
                : AddressPlan.Hardware(gateway);
            await BatchAsync(
                null,
                [
                    $"link set {bridge} address {hardware}",
                    $"addr replace {gateway}/24 dev {bridge}",
                    $"link set {bridge} up",
                ],
                cancellationToken
            );
            complete[bridge] = 0;
        }
        finally
        {
            gate.Release();
        }
    }

    private static bool Exists(string device) => Directory.Exists($"/sys/class/net/{device}");

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
        if (!Exists(device))
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
