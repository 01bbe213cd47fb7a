using System.Net;
using Dbaas.Host.Commands;
using Dbaas.Host.Machines;
using Dbaas.Host.Native;

namespace Dbaas.Host.Tests.Machines;

/// <content>Calls that come late or twice, daemons and hosts that died half-way, machines that were taken over.</content>
public sealed partial class RuncMachinesTests
{
    [Fact]
    public async Task Given_a_destroyed_machine_whose_address_another_has_when_destroyed_again_then_that_one_keeps_its_network()
    {
        var first = await StartAsync("mac_1", "ten_1");
        Assert.True(
            await host.Machines.DestroyAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel)
        );
        var second = await StartAsync("mac_2", "ten_2");
        Assert.Equal(first, second); // the same address, and with it the same interface of the host

        Assert.False(
            await host.Machines.DestroyAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel)
        );

        Assert.True(IsPlugged(second));
        Assert.Equal("running", (await host.Machines.ObserveAsync("mac_2", Cancel)).State);
    }

    [Fact]
    public async Task Given_a_running_machine_that_a_half_done_fence_cut_off_when_started_then_it_is_plugged_in_and_runs_on()
    {
        var address = await StartAsync("mac_1", "ten_1");
        await ReachableAsync("mac_1");
        await host.Networks.UnplugAsync(IPAddress.Parse(address), Cancel);
        host.Cgroups.Freeze(host.Names.Cgroup("mac_1"), frozen: true);
        Assert.False(IsPlugged(address));

        await host.Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel);

        Assert.True(IsPlugged(address));
        var reply = await host.Machines.CallAgentAsync(
            new()
            {
                MachineId = "mac_1",
                Path = "/v1/health",
                TimeoutSeconds = 10,
            },
            Cancel
        );
        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task Given_a_machine_that_fills_what_it_shares_with_the_host_then_it_gets_1_MiB_and_its_next_life_begins_empty()
    {
        await StartAsync("mac_1", "ten_1");
        await ReachableAsync("mac_1");
        var run = Path.Combine(host.Paths.Machines, "mac_1", "run");
        Assert.Equal("tmpfs", MountTable.Find(run)?.Type);

        var filling = await InsideAsync(
            "mac_1",
            "dd",
            "if=/dev/zero",
            "of=/run/dbaas/fill",
            "bs=1M",
            "count=2"
        );

        Assert.NotEqual(0, filling.ExitCode);
        Assert.Contains("No space left on device", filling.Error, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(run + "/fill").Length, 1, 1 << 20);

        await host.Machines.StopAsync(
            new()
            {
                MachineId = "mac_1",
                Epoch = 1,
                GraceSeconds = 1,
            },
            Cancel
        );
        Assert.Null(MountTable.Find(run));
        await host.Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 1 }, Cancel);

        await ReachableAsync("mac_1");
        Assert.False(File.Exists(run + "/fill"));
    }

    [Fact]
    public async Task Given_a_machine_that_was_killed_when_started_then_nothing_of_its_earlier_life_is_in_the_way()
    {
        await StartAsync("mac_1", "ten_1");
        await ReachableAsync("mac_1");
        var run = Path.Combine(host.Paths.Machines, "mac_1", "run");
        await InsideAsync("mac_1", "dd", "if=/dev/zero", "of=/run/dbaas/fill", "bs=1M", "count=2");
        await host.Machines.FenceAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel);

        await host.Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 3 }, Cancel);

        await ReachableAsync("mac_1");
        Assert.False(File.Exists(run + "/fill"));
        Assert.Single(MountTable.Read(), mount => mount.Target == run);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Given_a_reaper_that_a_power_cut_emptied_or_took_when_its_machine_is_made_again_then_it_starts(
        bool emptied
    )
    {
        await CreateAsync("mac_1", "ten_1");
        var reaper = Path.Combine(host.Paths.Machines, "mac_1", "reaper", MachineFolder.Binary);
        File.Delete(reaper); // another name of the deployed file, which must stay as it is
        if (emptied)
        {
            await File.WriteAllTextAsync(reaper, "", Cancel);
        }

        await host.Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 1 }, Cancel);

        await ReachableAsync("mac_1");
        Assert.True(new FileInfo(reaper).Length > 0);
    }

    [Fact]
    public async Task Given_a_machine_destroyed_before_it_came_when_its_create_arrives_then_it_is_refused_whatever_its_epoch()
    {
        Assert.False(
            await host.Machines.DestroyAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel)
        );
        Assert.False(
            await host.Machines.DestroyAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel)
        );

        var late = await Assert.ThrowsAsync<HostRefusal>(() => CreateAsync("mac_1", "ten_1"));
        Assert.Equal("host.stale_epoch", late.Code);
        late = await Assert.ThrowsAsync<HostRefusal>(() => CreateAsync("mac_1", "ten_1", epoch: 2));
        Assert.Equal("machine.destroyed", late.Code);
        Assert.Equal("absent", (await host.Machines.ObserveAsync("mac_1", Cancel)).State);
        Assert.Empty(host.Machines.List());
    }

    [Fact]
    public async Task Given_a_machine_fenced_before_it_came_then_an_older_create_is_refused_and_a_later_one_makes_it()
    {
        await host.Machines.FenceAsync(new() { MachineId = "mac_1", Epoch = 2 }, Cancel);

        var late = await Assert.ThrowsAsync<HostRefusal>(() => CreateAsync("mac_1", "ten_1"));
        Assert.Equal("host.stale_epoch", late.Code);
        await CreateAsync("mac_1", "ten_1", epoch: 3);
        Assert.Equal("created", (await host.Machines.ObserveAsync("mac_1", Cancel)).State);

        await host.Machines.FenceAsync(new() { MachineId = "mac_2", Epoch = 2 }, Cancel);
        Assert.False(
            await host.Machines.DestroyAsync(new() { MachineId = "mac_2", Epoch = 3 }, Cancel)
        );
        late = await Assert.ThrowsAsync<HostRefusal>(() => CreateAsync("mac_2", "ten_1", epoch: 3));
        Assert.Equal("machine.destroyed", late.Code);
    }

    [Fact]
    public async Task Given_a_running_machine_when_a_new_daemon_starts_it_then_what_it_has_mounted_stays()
    {
        await StartAsync("mac_1", "ten_1");
        await ReachableAsync("mac_1");
        var run = Path.Combine(host.Paths.Machines, "mac_1", "run");
        await File.WriteAllTextAsync(run + "/mark", "", Cancel);

        await TestHost.Open().Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 1 }, Cancel);

        Assert.True(File.Exists(run + "/mark"));
        await ReachableAsync("mac_1");
    }

    private bool IsPlugged(string address)
    {
        var veth = host.Names.Veth(IPAddress.Parse(address));
        var flags = File.ReadAllText($"/sys/class/net/{veth}/flags").Trim();
        return (Convert.ToInt32(flags, 16) & 1) != 0; // IFF_UP, netdevice(7)
    }

    /// <summary>Runs one of the image's programs in the machine's mounts, as the machine's own uid.</summary>
    private async Task<CommandResult> InsideAsync(string machine, params string[] program)
    {
        var pid = (await host.Containers.GetAsync(machine, Cancel)).Pid;
        var uid = (await UidsAsync(machine))[0];
        return await host.Commands.TryAsync(
            "nsenter",
            [
                "--target",
                $"{pid}",
                "--mount",
                "--setuid",
                $"{uid}",
                "--setgid",
                $"{uid}",
                "/bin/busybox",
                .. program,
            ],
            Cancel
        );
    }
}
