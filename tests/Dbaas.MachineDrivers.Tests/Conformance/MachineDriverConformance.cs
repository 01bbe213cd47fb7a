using Dbaas.Control.Machines;
using Dbaas.Protocol.Host;

namespace Dbaas.MachineDrivers.Tests.Conformance;

/// <summary>
/// What every machine driver promises, whoever provides the machines. A driver's class inherits it, hands over a running driver and
/// wrapped keys that its hosts can open. Each test takes ids of its own and leaves the inventory as it found it.
/// </summary>
public abstract partial class MachineDriverConformance
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

    private static async Task IsStaleAsync(Func<Task> late)
    {
        var refused = await Assert.ThrowsAsync<MachineDriverException>(late);
        Assert.Equal(MachineDriverException.StaleEpoch, refused.Code);
        Assert.False(refused.Retryable);
    }
}
