using Dbaas.Control.Machines;
using Dbaas.Protocol.Host;

namespace Dbaas.MachineDrivers.Tests.Conformance;

/// <content>Volumes.</content>
public abstract partial class MachineDriverConformance
{
    [Fact]
    public async Task Given_a_volume_when_every_verb_runs_twice_then_the_second_changes_nothing()
    {
        var host = await HostAsync();
        var key = await KeyAsync(_owner, _volume);
        await TwiceAsync(() => Driver.CreateVolumeAsync(host, Create(1), Token), "closed");
        await TwiceAsync(() => Driver.OpenVolumeAsync(host, Open(key), Token), "open");
        await GrowsAsync(host, key);
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

    /// <summary>While it is open where the host says that it can, else it says what must come first.</summary>
    private async Task GrowsAsync(string host, WrappedKey key)
    {
        var request = new GrowVolumeRequest
        {
            VolumeId = _volume,
            SizeBytes = 2L << 30,
            Epoch = 1,
        };
        if ((await Driver.DescribeAsync(Region, Token))[0].GrowsMountedVolumes)
        {
            await TwiceAsync(() => Driver.GrowVolumeAsync(host, request, Token), "open");
            return;
        }

        var refused = await Assert.ThrowsAsync<MachineDriverException>(() =>
            Driver.GrowVolumeAsync(host, request, Token)
        );
        Assert.Equal("volume.grow_needs_close", refused.Code);
        await Driver.CloseVolumeAsync(host, new() { VolumeId = _volume, Epoch = 1 }, Token);
        await TwiceAsync(() => Driver.GrowVolumeAsync(host, request, Token), "closed");
        await Driver.OpenVolumeAsync(host, Open(key), Token);
    }

    private OpenVolumeRequest Open(WrappedKey key) =>
        new()
        {
            VolumeId = _volume,
            Key = key,
            Epoch = 1,
        };

    private static async Task TwiceAsync(Func<Task<VolumeStatus>> verb, string state)
    {
        var first = await verb();
        var second = await verb();
        Assert.Equal(state, first.State);
        Assert.Equal((first.State, first.SizeBytes), (second.State, second.SizeBytes));
    }
}
