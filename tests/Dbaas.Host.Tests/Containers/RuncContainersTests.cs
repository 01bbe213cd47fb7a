using Dbaas.Host.Containers;

namespace Dbaas.Host.Tests.Containers;

[Trait("Needs", "root")]
public sealed class RuncContainersTests : IAsyncLifetime
{
    private TestHost host = null!;

    public async ValueTask InitializeAsync() => host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Given_a_container_then_it_has_no_capability_no_new_privileges_and_a_filter()
    {
        await RunAsync("cat /proc/self/status; id; cat /proc/self/uid_map");

        var output = await OutputAsync(text => text.Contains("uid=", StringComparison.Ordinal));
        foreach (var set in (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
        {
            Assert.Contains($"{set}:\t0000000000000000", output, StringComparison.Ordinal);
        }
        Assert.Contains("NoNewPrivs:\t1", output, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", output, StringComparison.Ordinal);
        Assert.Contains("(dbaas)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_container_then_its_mounts_and_devices_are_those_and_no_other()
    {
        await RunAsync(
            "cut -d' ' -f5 /proc/self/mountinfo; echo --; ls /dev; echo --; ls /dev/pts; echo done"
        );

        var parts = (
            await OutputAsync(text => text.EndsWith("done\n", StringComparison.Ordinal))
        ).Split("--\n");
        string[] always = ["/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/tmp", "/run"];
        // Hidden or read-only; what the kernel does not have needs no hiding.
        string[] covered =
        [
            "/proc/acpi",
            "/proc/asound",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/sysrq-trigger",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/bus",
            "/proc/fs",
            "/proc/irq",
            "/proc/sys",
            // In a user namespace devices cannot be made; the host's own are bound one by one.
            "/dev/full",
            "/dev/null",
            "/dev/random",
            "/dev/tty",
            "/dev/urandom",
            "/dev/zero",
        ];
        Assert.Equal(
            always.Order(StringComparer.Ordinal),
            Lines(parts[0]).Except(covered).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            [
                "core",
                "fd",
                "full",
                "null",
                "ptmx",
                "pts",
                "random",
                "shm",
                "stderr",
                "stdin",
                "stdout",
                "tty",
                "urandom",
                "zero",
            ],
            // A link to /proc/kcore, which is hidden; not every runtime makes it.
            Lines(parts[1]).Append("core").Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal(["ptmx"], Lines(parts[2]).Except(["done"]));
    }

    [Theory]
    [InlineData("echo 1 > /proc/sys/kernel/hostname")]
    [InlineData("echo x > /written")]
    [InlineData("echo x > /etc/passwd")]
    [InlineData("busybox mount -t tmpfs none /tmp")]
    [InlineData("busybox unshare -U true")]
    [InlineData("busybox mknod /tmp/disk b 254 0")]
    [InlineData("busybox chroot /tmp /bin/sh")]
    [InlineData("busybox nsenter -t 1 -m true")]
    [InlineData("busybox mount -o remount,rw /")]
    [InlineData("busybox umount /proc/sys")]
    [InlineData("echo b > /proc/sysrq-trigger")]
    [InlineData("echo '|/tmp/x' > /proc/sys/kernel/core_pattern")]
    [InlineData("test -s /proc/kcore")]
    [InlineData("test -e /sys/kernel")]
    [InlineData("test -e /run/netns || test -e /var/run/docker.sock || test -e /dev/mem")]
    public async Task Given_a_way_out_when_tried_then_it_is_shut(string attempt)
    {
        await RunAsync($"if {attempt}; then echo ESCAPED; else echo refused; fi");

        var output = await OutputAsync(text =>
            text.Contains("refused\n", StringComparison.Ordinal)
            || text.Contains("ESCAPED", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("ESCAPED", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_running_container_when_the_daemon_is_new_then_it_is_found_and_not_restarted()
    {
        await RunAsync("sleep 600");
        var before = await host.Containers.GetAsync("one", Cancel);

        var again = Assert.Single(await TestHost.Open().Containers.ListAsync(Cancel));

        Assert.Equal("running", again.State);
        Assert.Equal(before.Pid, again.Pid);
    }

    [Fact]
    public async Task Given_processes_that_ignore_signals_when_fenced_then_none_is_left_on_return()
    {
        await RunAsync("trap '' TERM; for i in 1 2 3 4; do sleep 600 & done; echo up; wait");
        await OutputAsync(text => text.Contains("up", StringComparison.Ordinal));
        Assert.True(host.Containers.GetUsage("one").Processes >= 5);

        await host.Containers.FenceAsync("one", Cancel);

        Assert.Equal(0, host.Containers.GetUsage("one").Processes);
        Assert.Equal("stopped", (await host.Containers.GetAsync("one", Cancel)).State);
    }

    [Fact]
    public async Task Given_a_deleted_container_when_deleted_again_then_nothing_was_there_and_nothing_is_left()
    {
        await RunAsync("sleep 600");

        Assert.True(await host.Containers.DeleteAsync("one", Cancel));
        Assert.False(await host.Containers.DeleteAsync("one", Cancel));

        Assert.Empty(await host.Containers.ListAsync(Cancel));
        Assert.Empty(host.Cgroups.Folders(host.Names.Cgroup("one")));
        Assert.DoesNotContain(
            host.Paths.Region + "/",
            await File.ReadAllTextAsync("/proc/self/mountinfo", Cancel),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_a_memory_limit_when_exceeded_then_the_kill_is_counted()
    {
        await RunAsync("cat /dev/zero | busybox tail; echo over; sleep 600", memory: 32 << 20);

        var usage = await Eventually.BecomesAsync(
            () => Task.FromResult(host.Containers.GetUsage("one")),
            usage => usage.OutOfMemoryKills > 0,
            TimeSpan.FromSeconds(20)
        );

        Assert.True(usage.MemoryBytes <= 32 << 20);
    }

    [Fact]
    public async Task Given_a_program_that_is_missing_when_created_then_the_reason_is_told_and_nothing_stays()
    {
        var exception = await Assert.ThrowsAsync<ContainerException>(() =>
            host.Containers.EnsureRunningAsync(
                Spec("x") with
                {
                    Command = ["/bin/nothing-here"],
                },
                Cancel
            )
        );

        Assert.Contains("nothing-here", exception.Message, StringComparison.Ordinal);
        await host.Containers.DeleteAsync("one", Cancel);
        Assert.Empty(await host.Containers.ListAsync(Cancel));
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ContainerSpec Spec(string script) =>
        new()
        {
            Name = "one",
            RootFolder = host.Paths.ImageRoot(TestHost.ImageId),
            Command = ["/bin/sh", "-c", script],
            HostUid = 651000,
        };

    private Task RunAsync(string script, long? memory = null) =>
        host.Containers.EnsureRunningAsync(Spec(script) with { MemoryBytes = memory }, Cancel);

    private Task<string> OutputAsync(Func<string, bool> satisfies) =>
        Eventually.BecomesAsync(
            () => File.ReadAllTextAsync(host.Containers.ConsoleLog("one"), Cancel),
            satisfies,
            TimeSpan.FromSeconds(10)
        );
}
