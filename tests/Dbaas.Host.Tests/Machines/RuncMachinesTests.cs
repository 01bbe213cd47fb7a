using System.Globalization;
using System.Net;
using System.Text.Json;
using Dbaas.Host.Commands;
using Dbaas.Host.Native;
using Dbaas.Protocol.Host;
using Google.Protobuf;

namespace Dbaas.Host.Tests.Machines;

[Trait("Needs", "root")]
public sealed partial class RuncMachinesTests : IAsyncLifetime
{
    private TestHost host = null!;

    public async ValueTask InitializeAsync() => host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Given_a_started_machine_then_its_agent_answers_over_the_socket()
    {
        await StartAsync("mac_1", "ten_1");
        await ReachableAsync("mac_1");

        var reply = await host.Machines.CallAgentAsync(
            new() { MachineId = "mac_1", Path = "/v1/health" },
            Cancel
        );

        Assert.Equal(200, reply.Status);
        using var body = JsonDocument.Parse(reply.Body.ToStringUtf8());
        Assert.Equal("GET", body.RootElement.GetProperty("verb").GetString());
        Assert.Equal("/v1/health", body.RootElement.GetProperty("path").GetString());
    }

    [Fact]
    public async Task Given_two_machines_when_started_then_neither_runs_as_root_nor_as_the_other()
    {
        await StartAsync("mac_1", "ten_1");
        await StartAsync("mac_2", "ten_1");

        var one = await UidsAsync("mac_1");
        var two = await UidsAsync("mac_2");

        // Real, effective, saved and file system uid as the host counts them (proc(5)).
        Assert.All(one.Concat(two), uid => Assert.True(uid > host.Settings.UidBase, $"uid {uid}"));
        Assert.Empty(one.Intersect(two));
    }

    [Fact]
    public async Task Given_a_socket_replaced_by_a_link_when_called_then_the_link_is_not_followed()
    {
        await StartAsync("mac_1", "ten_1");
        await StartAsync("mac_2", "ten_2");
        await ReachableAsync("mac_1");
        await ReachableAsync("mac_2");
        var run = Path.Combine(host.Paths.Machines, "mac_1", "run", "agent.sock");
        File.Delete(run);
        File.CreateSymbolicLink(
            run,
            Path.Combine(host.Paths.Machines, "mac_2", "run", "agent.sock")
        );

        var refusal = await Assert.ThrowsAsync<HostRefusal>(() =>
            host.Machines.CallAgentAsync(new() { MachineId = "mac_1", Path = "/v1/health" }, Cancel)
        );

        Assert.Equal("agent.unreachable", refusal.Code);
    }

    [Fact]
    public async Task Given_a_running_machine_when_the_daemon_is_new_then_it_is_adopted_not_restarted()
    {
        await StartAsync("mac_1", "ten_1");
        var pid = (await host.Containers.GetAsync("mac_1", Cancel)).Pid;

        var next = TestHost.Open();
        await next.Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 1 }, Cancel);

        Assert.Equal(pid, (await next.Containers.GetAsync("mac_1", Cancel)).Pid);
        Assert.Equal("running", (await next.Machines.ObserveAsync("mac_1", Cancel)).State);
    }

    [Fact]
    public async Task Given_a_machine_when_stopped_and_started_then_its_data_and_address_are_the_same()
    {
        await StartAsync("mac_1", "ten_1");
        await ReachableAsync("mac_1");
        var before = await host.Machines.ObserveAsync("mac_1", Cancel);

        await host.Machines.StopAsync(
            new()
            {
                MachineId = "mac_1",
                Epoch = 1,
                GraceSeconds = 5,
            },
            Cancel
        );
        Assert.Equal("stopped", (await host.Machines.ObserveAsync("mac_1", Cancel)).State);
        host.Volumes.Close(new() { VolumeId = "vol_mac_1", Epoch = 1 });
        await OpenVolumeAsync("mac_1");
        await host.Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 1 }, Cancel);
        await ReachableAsync("mac_1");

        Assert.Equal(before.Address, (await host.Machines.ObserveAsync("mac_1", Cancel)).Address);
        var marks = await File.ReadAllLinesAsync(
            host.Volumes.DataFolder("vol_mac_1") + "/mark",
            Cancel
        );
        Assert.Equal(2, marks.Length); // one a start
    }

    [Fact]
    public async Task Given_a_fence_then_no_process_is_left_and_the_link_is_down()
    {
        await StartAsync("mac_1", "ten_1");

        await host.Machines.FenceAsync(new() { MachineId = "mac_1", Epoch = 9 }, Cancel);

        Assert.Equal(0, host.Containers.GetUsage("mac_1").Processes);
        Assert.NotEqual("running", (await host.Machines.ObserveAsync("mac_1", Cancel)).State);
        var late = await Assert.ThrowsAsync<HostRefusal>(() =>
            host.Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 8 }, Cancel)
        );
        Assert.Equal("host.stale_epoch", late.Code);
        Assert.Equal(0, host.Containers.GetUsage("mac_1").Processes);
    }

    [Fact]
    public async Task Given_two_tenants_and_two_instances_of_one_then_none_reaches_another()
    {
        var first = await StartAsync("mac_1", "ten_1");
        var sibling = await StartAsync("mac_2", "ten_1");
        var stranger = await StartAsync("mac_3", "ten_2");

        Assert.False(await PingAsync("mac_1", sibling));
        Assert.False(await PingAsync("mac_1", stranger));
        Assert.False(await PingAsync("mac_1", Gateway(first)));
        Assert.False(await PingAsync("mac_1", Gateway(stranger)));
        Assert.True(await PingAsync("mac_1", first)); // the program does work
    }

    [Fact]
    public async Task Given_a_machine_then_of_the_host_it_reaches_the_store_port_only()
    {
        await StartAsync("mac_1", "ten_1");
        using var store = Listen(host.Settings.EtcdClientPort);
        using var other = Listen(host.Settings.EtcdClientPort + 5);

        await ConnectAsync("mac_1", host.Settings.EtcdClientPort);
        await ConnectAsync("mac_1", host.Settings.EtcdClientPort + 5);

        Assert.True(store.Pending());
        Assert.False(other.Pending());
    }

    [Fact]
    public async Task Given_a_machine_then_the_host_reaches_its_port()
    {
        var address = await StartAsync("mac_1", "ten_1");
        using var server = System.Diagnostics.Process.Start(
            "ip",
            ["netns", "exec", Space("mac_1"), "/bin/busybox", "nc", "-l", "-p", "5432"]
        );
        try
        {
            await Eventually.BecomesAsync(
                async () =>
                {
                    using var client = new System.Net.Sockets.TcpClient();
                    try
                    {
                        await client.ConnectAsync(IPAddress.Parse(address), 5432, Cancel);
                        return true;
                    }
                    catch (System.Net.Sockets.SocketException)
                    {
                        return false;
                    }
                },
                connected => connected,
                TimeSpan.FromSeconds(10)
            );
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Given_a_machine_then_ipv6_is_off_inside()
    {
        await StartAsync("mac_1", "ten_1");

        var shown = await host.Commands.DoAsync("ip", ["-n", Space("mac_1"), "-6", "addr"], Cancel);

        Assert.Equal("", shown.Output.Trim());
    }

    [Fact]
    public async Task Given_a_running_machine_when_resized_then_limits_change_live_but_not_below_use()
    {
        await StartAsync("mac_1", "ten_1");
        var pid = (await host.Containers.GetAsync("mac_1", Cancel)).Pid;

        await host.Machines.ResizeAsync(
            new()
            {
                MachineId = "mac_1",
                Epoch = 1,
                Cpu = 2,
                MemoryBytes = 512 << 20,
            },
            Cancel
        );

        var status = await host.Machines.ObserveAsync("mac_1", Cancel);
        Assert.Equal(512 << 20, status.MemoryBytes);
        Assert.Equal(pid, (await host.Containers.GetAsync("mac_1", Cancel)).Pid);
        var refusal = await Assert.ThrowsAsync<HostRefusal>(() =>
            host.Machines.ResizeAsync(
                new()
                {
                    MachineId = "mac_1",
                    Epoch = 1,
                    Cpu = 2,
                    MemoryBytes = 4096,
                },
                Cancel
            )
        );
        Assert.Equal("machine.memory_in_use", refusal.Code);
    }

    [Fact]
    public async Task Given_a_newly_deployed_agent_when_upgraded_then_PID_1_stays_and_the_agent_is_new()
    {
        await StartAsync("mac_1", "ten_1");
        await ReachableAsync("mac_1");
        var pid = (await host.Containers.GetAsync("mac_1", Cancel)).Pid;
        var agent = await AgentPidAsync("mac_1");
        // As a deployment does: another file under the same name. Machines share the old one.
        var deployed = Path.Combine(host.Settings.AgentFolder, "dbaas-agent");
        File.Copy(deployed, deployed + ".new");
        File.SetLastWriteTimeUtc(deployed + ".new", DateTime.UnixEpoch);
        File.Move(deployed + ".new", deployed, overwrite: true);

        await host.Machines.UpgradeAgentsAsync(Cancel);

        await Eventually.BecomesAsync(
            () => AgentPidAsync("mac_1"),
            now => now != agent && now != 0,
            TimeSpan.FromSeconds(10)
        );
        Assert.Equal(pid, (await host.Containers.GetAsync("mac_1", Cancel)).Pid);
    }

    [Fact]
    public async Task Given_everything_destroyed_twice_then_nothing_is_left()
    {
        await StartAsync("mac_1", "ten_1");

        Assert.True(
            await host.Machines.DestroyAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel)
        );
        Assert.False(
            await host.Machines.DestroyAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel)
        );
        Assert.True(host.Volumes.Destroy(new() { VolumeId = "vol_mac_1", Epoch = 2 }));

        Assert.Empty(Directory.GetFiles("/run/netns", host.Names.Prefix + "*"));
        Assert.DoesNotContain(
            Directory.GetDirectories("/sys/class/net").Select(Path.GetFileName),
            name =>
                name!.StartsWith(host.Names.BridgePrefix, StringComparison.Ordinal)
                || name.StartsWith(host.Names.VethPrefix, StringComparison.Ordinal)
        );
        Assert.Empty(Directory.GetFileSystemEntries(host.Paths.Machines));
        Assert.Empty(Directory.GetFileSystemEntries(host.Paths.Containers));
        Assert.Empty(Directory.GetFileSystemEntries(host.Paths.Mounts));
        Assert.Empty(host.Cgroups.Children(host.Names.RegionCgroup));
        Assert.DoesNotContain(
            MountTable.Read(),
            mount => mount.Target.StartsWith(host.Paths.Region + "/", StringComparison.Ordinal)
        );
        var back = await Assert.ThrowsAsync<HostRefusal>(() => CreateAsync("mac_1", "ten_1"));
        Assert.Equal("host.stale_epoch", back.Code);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Space(string machine) => host.Names.NetworkNamespace(machine);

    private static string Gateway(string address) =>
        address[..(address.LastIndexOf('.') + 1)] + "1";

    private async Task<bool> PingAsync(string machine, string target) =>
        (
            await host.Commands.TryAsync(
                "ip",
                ["netns", "exec", Space(machine), "/bin/busybox", "ping", "-c1", "-W1", target],
                Cancel
            )
        ).Succeeded;

    private Task<CommandResult> ConnectAsync(string machine, int port) =>
        host.Commands.TryAsync(
            "ip",
            [
                "netns",
                "exec",
                Space(machine),
                "timeout",
                "1",
                "/bin/busybox",
                "nc",
                host.Settings.ServiceAddress,
                $"{port}",
            ],
            Cancel
        );

    private System.Net.Sockets.TcpListener Listen(int port)
    {
        var listener = new System.Net.Sockets.TcpListener(
            IPAddress.Parse(host.Settings.ServiceAddress),
            port
        );
        listener.Start();
        return listener;
    }

    private Task<bool> ReachableAsync(string machine) =>
        Eventually.BecomesAsync(
            async () => (await host.Machines.ObserveAsync(machine, Cancel)).AgentReachable,
            reachable => reachable,
            TimeSpan.FromSeconds(10)
        );

    private async Task<int> AgentPidAsync(string machine)
    {
        try
        {
            var reply = await host.Machines.CallAgentAsync(
                new() { MachineId = machine, Path = "/" },
                Cancel
            );
            using var body = JsonDocument.Parse(reply.Body.ToStringUtf8());
            return body.RootElement.GetProperty("pid").GetInt32();
        }
        catch (HostRefusal)
        {
            return 0;
        }
    }

    private async Task<int[]> UidsAsync(string machine)
    {
        var pid = (await host.Containers.GetAsync(machine, Cancel)).Pid;
        var line = File.ReadLines($"/proc/{pid}/status")
            .First(text => text.StartsWith("Uid:", StringComparison.Ordinal));
        return
        [
            .. line.Split('\t')
                .Skip(1)
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture)),
        ];
    }

    private Task OpenVolumeAsync(string machine) =>
        host.Volumes.OpenAsync(
            new()
            {
                VolumeId = "vol_" + machine,
                Key = new() { Ciphertext = ByteString.CopyFromUtf8(machine) },
                Epoch = 1,
            },
            Cancel
        );

    private async Task CreateAsync(string machine, string tenant, ulong epoch = 1)
    {
        var owner = new Owner
        {
            TenantId = tenant,
            InstanceId = "ins_" + machine,
            MemberId = "mem_" + machine,
        };
        await host.Volumes.CreateAsync(
            new()
            {
                VolumeId = "vol_" + machine,
                Owner = owner,
                SizeBytes = 128 << 20,
                Epoch = 1,
            },
            Cancel
        );
        await OpenVolumeAsync(machine);
        await host.Machines.CreateAsync(
            new()
            {
                MachineId = machine,
                Owner = owner,
                ImageId = TestHost.ImageId,
                VolumeId = "vol_" + machine,
                Cpu = 1,
                MemoryBytes = 256 << 20,
                Epoch = epoch,
                Engine = "test",
                EngineVersion = "1",
                EnginePort = 5432,
            },
            Cancel
        );
    }

    private async Task<string> StartAsync(string machine, string tenant)
    {
        await CreateAsync(machine, tenant);
        await host.Machines.StartAsync(new() { MachineId = machine, Epoch = 1 }, Cancel);
        return (await host.Machines.ObserveAsync(machine, Cancel)).Address;
    }
}
