using System.Text.Json;
using Dbaas.Control.Machines;
using Dbaas.Protocol.Agent;
using Dbaas.Protocol.Host;
using Google.Protobuf;

namespace Dbaas.Control.Tests.Machines;

/// <summary>
/// What every machine driver promises, whoever provides the machines. A driver's class inherits it, hands over a running driver and
/// wrapped keys that its hosts can open. Each test takes ids of its own and leaves the inventory as it found it.
/// </summary>
public abstract class MachineDriverConformance
{
    private readonly string _volume = "vol_" + Guid.NewGuid().ToString("N");
    private readonly string _machine = "mac_" + Guid.NewGuid().ToString("N");
    private readonly string _endpoint = "ep_" + Guid.NewGuid().ToString("N");
    private readonly string _cluster = "c" + Guid.NewGuid().ToString("N")[..15];
    private readonly Owner _owner = new()
    {
        TenantId = "ten_" + Guid.NewGuid().ToString("N"),
        InstanceId = "ins_" + Guid.NewGuid().ToString("N"),
        MemberId = "mem_" + Guid.NewGuid().ToString("N"),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The driver under test.</summary>
    protected abstract IMachineDriver Driver { get; }

    /// <summary>A region it serves.</summary>
    protected abstract string Region { get; }

    /// <summary>A free endpoint address of that region.</summary>
    protected abstract string Address { get; }

    /// <summary>A data key for this volume that the region's host may unwrap.</summary>
    protected abstract Task<WrappedKey> KeyAsync(Owner owner, string volume);

    [Fact]
    public async Task Given_a_region_when_described_then_it_has_hosts_with_room()
    {
        var hosts = await Driver.DescribeAsync(Region, Token);
        Assert.NotEmpty(hosts);
        Assert.All(
            hosts,
            host =>
                Assert.True(
                    host is { Cpus: > 0, MemoryBytes: > 0, DiskTotalBytes: > 0, HostId.Length: > 0 }
                )
        );
        Assert.Empty(await Driver.DescribeAsync("nowhere", Token));
    }

    [Fact]
    public async Task Given_a_volume_when_every_verb_runs_twice_then_the_second_changes_nothing()
    {
        var host = await HostAsync();
        var key = await KeyAsync(_owner, _volume);
        await TwiceAsync(() => Driver.CreateVolumeAsync(host, Create(1), Token), "closed");
        await TwiceAsync(
            () =>
                Driver.OpenVolumeAsync(
                    host,
                    new()
                    {
                        VolumeId = _volume,
                        Key = key,
                        Epoch = 1,
                    },
                    Token
                ),
            "open"
        );
        await TwiceAsync(
            () =>
                Driver.GrowVolumeAsync(
                    host,
                    new()
                    {
                        VolumeId = _volume,
                        SizeBytes = 2L << 30,
                        Epoch = 1,
                    },
                    Token
                ),
            "open"
        );
        var shrink = await Assert.ThrowsAsync<MachineDriverException>(() =>
            Driver.GrowVolumeAsync(
                host,
                new()
                {
                    VolumeId = _volume,
                    SizeBytes = 1L << 30,
                    Epoch = 1,
                },
                Token
            )
        );
        Assert.False(shrink.Retryable);
        await TwiceAsync(
            () => Driver.CloseVolumeAsync(host, new() { VolumeId = _volume, Epoch = 1 }, Token),
            "closed"
        );
        Assert.True(
            await Driver.DestroyVolumeAsync(host, new() { VolumeId = _volume, Epoch = 1 }, Token)
        );
        Assert.False(
            await Driver.DestroyVolumeAsync(host, new() { VolumeId = _volume, Epoch = 1 }, Token)
        );
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Given_a_higher_epoch_was_seen_when_an_older_call_arrives_then_it_is_refused_for_good()
    {
        var host = await HostAsync();
        await Driver.CreateVolumeAsync(host, Create(5), Token);
        foreach (
            var late in new Func<Task>[]
            {
                () => Driver.CreateVolumeAsync(host, Create(4), Token),
                () =>
                    Driver.GrowVolumeAsync(
                        host,
                        new()
                        {
                            VolumeId = _volume,
                            SizeBytes = 2L << 30,
                            Epoch = 4,
                        },
                        Token
                    ),
                () =>
                    Driver.DestroyVolumeAsync(host, new() { VolumeId = _volume, Epoch = 4 }, Token),
            }
        )
        {
            await IsStaleAsync(late);
        }

        Assert.True(
            await Driver.DestroyVolumeAsync(host, new() { VolumeId = _volume, Epoch = 6 }, Token)
        );

        // A late create must not bring back what was destroyed.
        await IsStaleAsync(() => Driver.CreateVolumeAsync(host, Create(5), Token));
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Given_nothing_when_destroyed_or_stopped_then_that_is_quiet_success()
    {
        var host = await HostAsync();
        Assert.False(
            await Driver.DestroyMachineAsync(host, new() { MachineId = _machine, Epoch = 1 }, Token)
        );
        Assert.False(
            await Driver.DestroyVolumeAsync(host, new() { VolumeId = _volume, Epoch = 1 }, Token)
        );
        Assert.False(
            await Driver.RemoveEndpointAsync(
                host,
                new() { EndpointId = _endpoint, Epoch = 1 },
                Token
            )
        );
        Assert.False(
            await Driver.RemoveStoreUserAsync(
                host,
                new() { Owner = _owner, Cluster = _cluster },
                Token
            )
        );
        Assert.Equal(
            "absent",
            (await Driver.ObserveMachineAsync(host, new() { MachineId = _machine }, Token)).State
        );
        Assert.Equal(
            "absent",
            (
                await Driver.StopMachineAsync(
                    host,
                    new()
                    {
                        MachineId = _machine,
                        Epoch = 1,
                        GraceSeconds = 1,
                    },
                    Token
                )
            ).State
        );
        Assert.Equal(
            "absent",
            (
                await Driver.FenceMachineAsync(
                    host,
                    new() { MachineId = _machine, Epoch = 1 },
                    Token
                )
            ).State
        );
        Assert.Equal(
            "absent",
            (
                await Driver.CloseVolumeAsync(host, new() { VolumeId = _volume, Epoch = 1 }, Token)
            ).State
        );
    }

    [Fact]
    public async Task Given_a_machine_when_it_lives_its_life_then_each_verb_is_an_ensure_and_nothing_is_left()
    {
        var host = await HostAsync();
        await MachineAsync(host);
        var started = await Driver.StartMachineAsync(host, Machine(1), Token);
        var again = await Driver.StartMachineAsync(host, Machine(1), Token);
        Assert.Equal("running", started.State);
        Assert.Equal((started.State, started.Address), (again.State, again.Address));
        Assert.NotEmpty(started.Address);

        var resize = new ResizeMachineRequest
        {
            MachineId = _machine,
            Epoch = 1,
            Cpu = 0.5,
            MemoryBytes = 768L << 20,
        };
        Assert.Equal(
            768L << 20,
            (await Driver.ResizeMachineAsync(host, resize, Token)).MemoryBytes
        );
        Assert.Equal(0.5, (await Driver.ResizeMachineAsync(host, resize, Token)).Cpu);

        await AgentAnswersAsync(host);
        var busy = await Assert.ThrowsAsync<MachineDriverException>(() =>
            Driver.DestroyVolumeAsync(host, new() { VolumeId = _volume, Epoch = 1 }, Token)
        );
        Assert.NotEqual("", busy.Code); // a volume under a running machine is never pulled away

        // Fencing answers only when the machine certainly no longer runs.
        Assert.Equal("stopped", (await Driver.FenceMachineAsync(host, Machine(2), Token)).State);
        Assert.Equal(
            "stopped",
            (await Driver.ObserveMachineAsync(host, new() { MachineId = _machine }, Token)).State
        );
        await IsStaleAsync(() => Driver.StartMachineAsync(host, Machine(1), Token));
        Assert.Equal("stopped", (await Driver.FenceMachineAsync(host, Machine(2), Token)).State);

        Assert.Equal("running", (await Driver.StartMachineAsync(host, Machine(3), Token)).State);
        Assert.Equal(
            "stopped",
            (
                await Driver.StopMachineAsync(
                    host,
                    new()
                    {
                        MachineId = _machine,
                        Epoch = 3,
                        GraceSeconds = 5,
                    },
                    Token
                )
            ).State
        );
        await EndAsync(host, 3);
    }

    [Fact]
    public async Task Given_a_closed_volume_when_its_machine_starts_then_it_is_refused()
    {
        var host = await HostAsync();
        await MachineAsync(host);
        await Driver.CloseVolumeAsync(host, new() { VolumeId = _volume, Epoch = 1 }, Token);
        await Assert.ThrowsAsync<MachineDriverException>(() =>
            Driver.StartMachineAsync(host, Machine(1), Token)
        );
        await EndAsync(host, 1);
    }

    [Fact]
    public async Task Given_an_endpoint_and_a_store_user_when_ensured_twice_and_removed_then_nothing_is_left()
    {
        var host = await HostAsync();
        var user = new EnsureStoreUserRequest
        {
            Owner = _owner,
            Cluster = _cluster,
            Password = "not-a-secret",
        };
        var access = await Driver.EnsureStoreUserAsync(host, user, Token);
        Assert.Equal(access, await Driver.EnsureStoreUserAsync(host, user, Token));
        Assert.Contains(_cluster, access.Prefix, StringComparison.Ordinal);
        Assert.NotEmpty(access.Endpoints);

        var set = new SetEndpointRequest
        {
            Owner = _owner,
            EndpointId = _endpoint,
            Address = Address,
            Port = 5432,
            AllowedCidrs = { "127.0.0.0/8" },
            Epoch = 2,
        };
        var status = await Driver.SetEndpointAsync(host, set, Token);
        Assert.Equal((Address, 5432, false), (status.Address, status.Port, status.Serving)); // no target, so it serves nobody
        Assert.Equal(status, await Driver.SetEndpointAsync(host, set, Token));
        var old = set.Clone();
        old.Epoch = 1;
        await IsStaleAsync(() => Driver.SetEndpointAsync(host, old, Token));

        var items = (await Driver.GetInventoryAsync(host, Token)).Items;
        Assert.Contains(
            items,
            item => item.Kind == "gateway-entry" && item.Owner?.InstanceId == _owner.InstanceId
        );
        Assert.Contains(
            items,
            item => item.Kind == "store-user" && item.Owner?.InstanceId == _owner.InstanceId
        );

        Assert.True(
            await Driver.RemoveEndpointAsync(
                host,
                new() { EndpointId = _endpoint, Epoch = 2 },
                Token
            )
        );
        Assert.False(
            await Driver.RemoveEndpointAsync(
                host,
                new() { EndpointId = _endpoint, Epoch = 2 },
                Token
            )
        );
        Assert.True(
            await Driver.RemoveStoreUserAsync(
                host,
                new() { Owner = _owner, Cluster = _cluster },
                Token
            )
        );
        Assert.False(
            await Driver.RemoveStoreUserAsync(
                host,
                new() { Owner = _owner, Cluster = _cluster },
                Token
            )
        );
        await NothingIsLeftAsync(host);
    }

    private async Task AgentAnswersAsync(string host)
    {
        var reply = await Driver.CallAgentAsync(
            host,
            new AgentCall
            {
                MachineId = _machine,
                Path = AgentPaths.Health,
                TimeoutSeconds = 10,
            },
            Token
        );
        var health = JsonSerializer.Deserialize(reply.Body.Span, AgentJson.Default.AgentHealth);
        Assert.Equal("absent", health!.Engine); // nothing was started in it yet
        var unknown = await Driver.CallAgentAsync(
            host,
            new AgentCall
            {
                MachineId = _machine,
                Path = "/v1/nothing",
                TimeoutSeconds = 10,
            },
            Token
        );
        Assert.Equal(404, unknown.Status);
        var late = new AgentCall
        {
            MachineId = _machine,
            Path = AgentPaths.Stop,
            Body = ByteString.CopyFromUtf8("{}"),
            TimeoutSeconds = 10,
            Epoch = 1,
        };
        await Driver.CallAgentAsync(host, late, Token);
    }

    private async Task MachineAsync(string host)
    {
        var image = await Driver.EnsureImageAsync(
            host,
            new() { Engine = "postgresql", Version = "18" },
            new Progress<ImageProgress>(),
            Token
        );
        await Driver.CreateVolumeAsync(host, Create(1), Token);
        await Driver.OpenVolumeAsync(
            host,
            new()
            {
                VolumeId = _volume,
                Key = await KeyAsync(_owner, _volume),
                Epoch = 1,
            },
            Token
        );
        var request = new CreateMachineRequest
        {
            MachineId = _machine,
            Owner = _owner,
            ImageId = image,
            VolumeId = _volume,
            Cpu = 1,
            MemoryBytes = 512L << 20,
            Epoch = 1,
            Engine = "postgresql",
            EngineVersion = "18",
            EnginePort = 5432,
        };
        var created = await Driver.CreateMachineAsync(host, request, Token);
        Assert.Equal("created", created.State);
        Assert.Equal(created, await Driver.CreateMachineAsync(host, request, Token));
    }

    private async Task EndAsync(string host, ulong epoch)
    {
        Assert.True(await Driver.DestroyMachineAsync(host, Machine(epoch), Token));
        Assert.False(await Driver.DestroyMachineAsync(host, Machine(epoch), Token));
        Assert.True(
            await Driver.DestroyVolumeAsync(
                host,
                new() { VolumeId = _volume, Epoch = epoch },
                Token
            )
        );
        await NothingIsLeftAsync(host);
    }

    private async Task NothingIsLeftAsync(string host) =>
        Assert.DoesNotContain(
            (await Driver.GetInventoryAsync(host, Token)).Items,
            item => item.Owner?.InstanceId == _owner.InstanceId
        );

    private async Task<string> HostAsync() => (await Driver.DescribeAsync(Region, Token))[0].HostId;

    private CreateVolumeRequest Create(ulong epoch) =>
        new()
        {
            VolumeId = _volume,
            Owner = _owner,
            SizeBytes = 1L << 30,
            Epoch = epoch,
        };

    private MachineRequest Machine(ulong epoch) => new() { MachineId = _machine, Epoch = epoch };

    private static async Task TwiceAsync(Func<Task<VolumeStatus>> verb, string state)
    {
        var first = await verb();
        var second = await verb();
        Assert.Equal(state, first.State);
        Assert.Equal((first.State, first.SizeBytes), (second.State, second.SizeBytes));
    }

    private static async Task IsStaleAsync(Func<Task> late)
    {
        var refused = await Assert.ThrowsAsync<MachineDriverException>(late);
        Assert.Equal("machine.stale_epoch", refused.Code);
        Assert.False(refused.Retryable);
    }
}
