using System.Net;
using Dbaas.Host.Commands;
using Dbaas.Host.Networks;

namespace Dbaas.Host.Tests.Networks;

/// <summary>What a daemon that died in between left is finished, and no packet to a machine ever leaves the box.</summary>
[Trait("Needs", "root")]
public sealed class TenantNetworksTests : IAsyncLifetime
{
    private TestHost host = null!;

    public async ValueTask InitializeAsync() => host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Given_a_bridge_left_without_its_address_when_a_machine_comes_then_it_is_reachable()
    {
        var address = await DrawAsync("ten_1", "mac_1");
        await host.Commands.DoAsync("ip", ["link", "add", Bridge, "type", "bridge"], Cancel);

        await PlugInAsync("mac_1", address);

        await AnswersAsync(address);
    }

    [Fact]
    public async Task Given_an_interface_left_without_its_bridge_when_ensured_again_then_it_is_reachable()
    {
        var address = await DrawAsync("ten_1", "mac_1");
        var space = host.Names.NetworkNamespace("mac_1");
        var veth = host.Names.Veth(address);
        await host.Commands.DoAsync("ip", ["netns", "add", space], Cancel);
        await host.Commands.DoAsync(
            "ip",
            ["link", "add", veth, "type", "veth", "peer", "name", "eth0", "netns", space],
            Cancel
        );

        await PlugInAsync("mac_1", address);

        await AnswersAsync(address);
    }

    [Fact]
    public async Task Given_the_last_machine_gone_when_another_was_just_drawn_then_the_network_stays()
    {
        var machines = new Dictionary<string, IPAddress>();
        var first = await DrawAsync("ten_1", "mac_1", machines);
        await PlugInAsync("mac_1", first);
        var second = await DrawAsync("ten_1", "mac_2", machines);

        await host.Networks.RemoveMachineAsync("mac_1", first, Cancel);
        await host.Networks.RemoveTenantAsync("ten_1", () => machines.ContainsKey("mac_2"), Cancel);
        await PlugInAsync("mac_2", second);

        await AnswersAsync(second);
        Assert.Equal("ten_1", host.Networks.TenantOfBridge(Bridge));
    }

    [Fact]
    public async Task Given_machines_that_come_while_the_tenants_last_one_goes_then_each_is_reachable()
    {
        for (var round = 0; round < 8; round++)
        {
            var machines = new Dictionary<string, IPAddress>();
            var old = await DrawAsync("ten_1", "mac_old", machines);
            await PlugInAsync("mac_old", old);

            var going = GoAsync();
            var address = await DrawAsync("ten_1", "mac_new", machines);
            await PlugInAsync("mac_new", address);
            await going;

            await AnswersAsync(address);
            lock (machines)
            {
                machines.Clear();
            }
            await host.Networks.RemoveMachineAsync("mac_new", address, Cancel);
            await host.Networks.RemoveTenantAsync("ten_1", () => false, Cancel);

            async Task GoAsync()
            {
                await host.Networks.RemoveMachineAsync("mac_old", old, Cancel);
                await host.Networks.RemoveTenantAsync(
                    "ten_1",
                    () =>
                    {
                        lock (machines)
                        {
                            return machines.ContainsKey("mac_new");
                        }
                    },
                    Cancel
                );
            }
        }
    }

    [Fact]
    public async Task Given_an_address_that_the_kernel_knows_when_another_machine_gets_it_then_it_is_reachable_at_once()
    {
        var machines = new Dictionary<string, IPAddress>();
        await PlugInAsync("mac_beside", await DrawAsync("ten_1", "mac_beside", machines));
        var address = await DrawAsync("ten_1", "mac_0", machines);
        await PlugInAsync("mac_0", address);
        await AnswersAsync(address);

        for (var round = 1; round <= 4; round++)
        {
            await host.Networks.RemoveMachineAsync($"mac_{round - 1}", address, Cancel);
            await PlugInAsync($"mac_{round}", address);

            await AnswersAsync(address);
        }
    }

    [Fact]
    public async Task Given_machines_that_go_then_their_bridge_keeps_its_hardware_address_and_the_others_answer()
    {
        const int count = 5;
        var machines = new Dictionary<string, IPAddress>();
        for (var number = 1; number <= count; number++)
        {
            await PlugInAsync($"mac_{number}", await DrawAsync("ten_1", $"mac_{number}", machines));
            await AnswersAsync(machines[$"mac_{number}"]);
        }
        var hardware = Hardware();

        for (var number = 1; number < count; number++)
        {
            await host.Networks.RemoveMachineAsync(
                $"mac_{number}",
                machines[$"mac_{number}"],
                Cancel
            );

            Assert.Equal(hardware, Hardware());
            await AnswersAsync(machines[$"mac_{count}"]);
        }

        string Hardware() => File.ReadAllText($"/sys/class/net/{Bridge}/address").Trim();
    }

    [Fact]
    public async Task Given_an_address_that_no_machine_has_then_nothing_is_sent_towards_it()
    {
        var free = host.Settings.MachineRange.Replace(".0.0/16", ".77.7", StringComparison.Ordinal);

        var route = await host.Commands.TryAsync("ip", ["route", "get", free], Cancel);

        Assert.False(route.Succeeded, route.Output);
        Assert.Contains("No route to host", route.Error, StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Bridge =>
        host.Names.Bridge(
            AddressPlan.Gateway(IPNetwork.Parse(host.Settings.MachineRange).BaseAddress, 0)
        );

    private Task<IPAddress> DrawAsync(
        string tenant,
        string machine,
        Dictionary<string, IPAddress>? machines = null
    )
    {
        machines ??= [];
        return host.Networks.DrawAddressAsync(
            tenant,
            () =>
            {
                lock (machines)
                {
                    return [.. machines.Values];
                }
            },
            address =>
            {
                lock (machines)
                {
                    return machines[machine] = address;
                }
            },
            Cancel
        );
    }

    private async Task PlugInAsync(string machine, IPAddress address)
    {
        await host.Networks.EnsureMachineAsync(machine, address, Cancel);
        await host.Networks.PlugAsync(address, Cancel);
    }

    /// <summary>Nothing listens in the namespace, so a refusal is the sign that its own kernel has been reached.</summary>
    private static async Task AnswersAsync(IPAddress address)
    {
        await Eventually.BecomesAsync(
            async () =>
            {
                using var knock = new System.Net.Sockets.TcpClient();
                try
                {
                    await knock.ConnectAsync(address, 9, Cancel);
                    return "accepted";
                }
                catch (System.Net.Sockets.SocketException refused)
                {
                    return refused.SocketErrorCode.ToString();
                }
            },
            answer => answer == nameof(System.Net.Sockets.SocketError.ConnectionRefused),
            TimeSpan.FromSeconds(10)
        );
    }
}
