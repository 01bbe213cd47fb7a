using System.Diagnostics;
using System.Net.Sockets;
using Dbaas.Protocol.Host;
using Google.Protobuf;

namespace Dbaas.Host.Tests.Machines;

/// <summary>A fence is called when nobody can wait: neither for an engine that will not stop nor for whoever waits for it.</summary>
[Trait("Needs", "root")]
public sealed class FenceTests : IAsyncLifetime
{
    private TestHost host = null!;

    public async ValueTask InitializeAsync() => host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Given_a_stop_that_waits_for_its_engine_when_fenced_then_both_end_at_once_and_nothing_runs()
    {
        await StartAsync();
        using var agent = MuteAgent();
        var stopping = host.Machines.StopAsync(Stop(epoch: 2), Cancel);
        using var asked = await agent.AcceptAsync(Cancel); // the stop waits for its answer now, for 10 minutes if need be
        Assert.False(stopping.IsCompleted);

        var watch = Stopwatch.StartNew();
        using (host.Machines.AnnounceFence(Fence(epoch: 3)))
        {
            await stopping; // gives up its turn
            await host.Machines.FenceAsync(Fence(epoch: 3), Cancel);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"It took {watch.Elapsed}.");
        Assert.Equal(0, host.Containers.GetUsage("mac_1").Processes);
        Assert.Equal("stopped", (await host.Machines.ObserveAsync("mac_1", Cancel)).State);
    }

    [Fact]
    public async Task Given_a_fence_of_an_earlier_epoch_when_it_comes_then_it_hastens_nothing()
    {
        await StartAsync();
        using var agent = MuteAgent();
        var stopping = host.Machines.StopAsync(Stop(epoch: 5), Cancel);
        using var asked = await agent.AcceptAsync(Cancel);

        var late = Assert.Throws<HostRefusal>(() => host.Machines.AnnounceFence(Fence(epoch: 4)));

        Assert.Equal("host.stale_epoch", late.Code);
        Assert.False(stopping.IsCompleted);
        asked.Close(); // an agent that is gone ends the wait in order
        await stopping;
        // The next stop has its patience again.
        await host.Machines.StopAsync(Stop(epoch: 5), Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static StopMachineRequest Stop(ulong epoch) =>
        new()
        {
            MachineId = "mac_1",
            Epoch = epoch,
            GraceSeconds = 600,
        };

    private static MachineRequest Fence(ulong epoch) =>
        new() { MachineId = "mac_1", Epoch = epoch };

    /// <summary>Takes the agent's place: accepts, reads, never answers.</summary>
    private Socket MuteAgent()
    {
        var path = Path.Combine(host.Paths.Machines, "mac_1", "run", "agent.sock");
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    private async Task StartAsync()
    {
        var owner = new Owner
        {
            TenantId = "ten_1",
            InstanceId = "ins_1",
            MemberId = "mem_1",
        };
        await host.Volumes.CreateAsync(
            new()
            {
                VolumeId = "vol_1",
                Owner = owner,
                SizeBytes = 128 << 20,
                Epoch = 1,
            },
            Cancel
        );
        await host.Volumes.OpenAsync(
            new()
            {
                VolumeId = "vol_1",
                Key = new() { Ciphertext = ByteString.CopyFromUtf8("mac_1") },
                Epoch = 1,
            },
            Cancel
        );
        await host.Machines.CreateAsync(
            new()
            {
                MachineId = "mac_1",
                Owner = owner,
                ImageId = TestHost.ImageId,
                VolumeId = "vol_1",
                Cpu = 1,
                MemoryBytes = 256 << 20,
                Epoch = 1,
                Engine = "test",
                EngineVersion = "1",
                EnginePort = 5432,
            },
            Cancel
        );
        await host.Machines.StartAsync(new() { MachineId = "mac_1", Epoch = 1 }, Cancel);
        await Eventually.BecomesAsync(
            async () => (await host.Machines.ObserveAsync("mac_1", Cancel)).AgentReachable,
            reachable => reachable,
            TimeSpan.FromSeconds(10)
        );
    }
}
