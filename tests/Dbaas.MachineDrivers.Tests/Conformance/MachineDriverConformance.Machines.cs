using System.Text.Json;
using Dbaas.Control.Machines;
using Dbaas.Host.Tests;
using Dbaas.Protocol.Agent;
using Dbaas.Protocol.Host;
using Google.Protobuf;

namespace Dbaas.MachineDrivers.Tests.Conformance;

/// <content>Machines.</content>
public abstract partial class MachineDriverConformance
{
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
    public async Task Given_a_machine_that_was_destroyed_or_fenced_before_it_came_when_an_older_create_arrives_then_it_is_refused()
    {
        var host = await HostAsync();
        var create = Request("any");
        Assert.False(await Driver.DestroyMachineAsync(host, Machine(2), Token));
        await IsStaleAsync(() => Driver.CreateMachineAsync(host, create, Token));
        Assert.False(await Driver.DestroyMachineAsync(host, Machine(2), Token));

        create.MachineId += "f";
        var fence = new MachineRequest { MachineId = create.MachineId, Epoch = 2 };
        Assert.Equal("absent", (await Driver.FenceMachineAsync(host, fence, Token)).State);
        await IsStaleAsync(() => Driver.CreateMachineAsync(host, create, Token));
        await NothingIsLeftAsync(host);
    }

    private async Task AgentAnswersAsync(string host)
    {
        // A machine runs a moment before its agent listens.
        var reply = await Eventually.BecomesAsync(
            async () =>
            {
                try
                {
                    return await Driver.CallAgentAsync(
                        host,
                        new AgentCall
                        {
                            MachineId = _machine,
                            Path = AgentPaths.Health,
                            TimeoutSeconds = 10,
                        },
                        Token
                    );
                }
                catch (MachineDriverException silent) when (silent.Retryable)
                {
                    return null;
                }
            },
            answer => answer is not null,
            TimeSpan.FromSeconds(20)
        );
        var health = JsonSerializer.Deserialize(reply!.Body.Span, AgentJson.Default.AgentHealth);
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

    [Fact]
    public async Task Given_a_machine_when_made_again_from_another_image_then_it_must_be_stopped_and_keeps_its_address()
    {
        var host = await HostAsync();
        await MachineAsync(host);
        var started = await Driver.StartMachineAsync(host, Machine(1), Token);
        var other = await Driver.EnsureImageAsync(
            host,
            new() { Engine = "postgresql", Version = "17" },
            new Progress<ImageProgress>(),
            Token
        );
        var listed = await Driver.ListImagesAsync(host, Token);
        var image = Assert.Single(listed, one => one.ImageId == other);
        Assert.Equal(("postgresql", "17", true), (image.Engine, image.Version, image.Newest));
        Assert.StartsWith("17.", image.EngineVersion, StringComparison.Ordinal);
        var request = Request(other);
        var running = await Assert.ThrowsAsync<MachineDriverException>(() =>
            Driver.CreateMachineAsync(host, request, Token)
        );
        Assert.Equal(("machine.running", false), (running.Code, running.Retryable));

        await Driver.StopMachineAsync(
            host,
            new()
            {
                MachineId = _machine,
                Epoch = 1,
                GraceSeconds = 1,
            },
            Token
        );
        var moved = await Driver.CreateMachineAsync(host, request, Token);
        Assert.Equal(moved, await Driver.CreateMachineAsync(host, request, Token));
        Assert.Equal((other, "stopped"), (moved.ImageId, moved.State));
        var again = await Driver.StartMachineAsync(host, Machine(1), Token);
        Assert.Equal(
            (other, "running", started.Address),
            (again.ImageId, again.State, again.Address)
        );
        await AgentAnswersAsync(host);
        await Driver.StopMachineAsync(
            host,
            new()
            {
                MachineId = _machine,
                Epoch = 1,
                GraceSeconds = 1,
            },
            Token
        );
        await EndAsync(host, 1);
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
        var request = Request(image);
        var created = await Driver.CreateMachineAsync(host, request, Token);
        Assert.Equal("created", created.State);
        Assert.Equal(created, await Driver.CreateMachineAsync(host, request, Token));
    }

    private CreateMachineRequest Request(string image) =>
        new()
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
}
