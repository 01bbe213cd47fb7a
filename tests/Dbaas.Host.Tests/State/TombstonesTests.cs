using Dbaas.Host.Machines;
using Dbaas.Host.State;
using Dbaas.Host.Volumes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Host.Tests.State;

/// <summary>What was destroyed is remembered as long as a late call may come, and no longer.</summary>
public sealed class TombstonesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("dbaas-tombstones-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Given_records_of_many_ages_when_looked_at_then_only_the_old_dead_ones_expire()
    {
        (string, string)[] records =
        [
            ("alive", ""),
            ("just-dead", Ago(TimeSpan.FromMinutes(1))),
            ("dead-for-days", Ago(TimeSpan.FromDays(6))),
            ("long-dead", Ago(TimeSpan.FromDays(8))),
        ];

        Assert.Equal(["long-dead"], Tombstones.Expired(records, Now));
    }

    [Fact]
    public void Given_too_many_when_looked_at_then_the_oldest_expire_but_none_that_a_late_call_may_mean()
    {
        var old = Enumerable
            .Range(0, Tombstones.MostKept + 5)
            .Select(n => ($"old-{n:0000}", Ago(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(n))));
        Assert.Equal(
            ["old-1000", "old-1001", "old-1002", "old-1003", "old-1004"],
            Tombstones.Expired(old, Now)
        );

        var young = Enumerable
            .Range(0, Tombstones.MostKept + 5)
            .Select(n => ($"young-{n}", Ago(TimeSpan.FromSeconds(n))));
        Assert.Empty(Tombstones.Expired(young, Now));
    }

    [Fact]
    public void Given_a_folder_when_pruned_then_the_files_of_the_expired_are_gone_and_the_others_stay()
    {
        var volumes = new StateFolder<VolumeRecord>(
            folder + "/volumes",
            HostStateJson.Default.VolumeRecord
        );
        var machines = new StateFolder<MachineRecord>(
            folder + "/machines",
            HostStateJson.Default.MachineRecord
        );
        volumes.Save("vol_alive", Volume("vol_alive", ""));
        volumes.Save("vol_dead", Volume("vol_dead", "2020-01-01T00:00:00.0000000+00:00"));
        machines.Save("mac_dead", Machine("mac_dead", "2020-01-01T00:00:00.0000000+00:00"));
        using var tombstones = new Tombstones(
            volumes,
            machines,
            TimeProvider.System,
            NullLogger<Tombstones>.Instance
        );

        Assert.Equal(2, tombstones.Prune());
        Assert.Equal(0, tombstones.Prune());

        Assert.Equal(["vol_alive"], volumes.List().Select(record => record.Id));
        Assert.Empty(machines.List());
    }

    private static string Ago(TimeSpan age) =>
        (Now - age).ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    private static VolumeRecord Volume(string id, string destroyedAt) =>
        new()
        {
            Id = id,
            Owner = new("ten_1", "ins_1", "mem_1"),
            SizeBytes = 1,
            FileSystemBytes = 1,
            Uid = 651000,
            Epoch = 1,
            DestroyedAt = destroyedAt,
        };

    private static MachineRecord Machine(string id, string destroyedAt) =>
        new()
        {
            Id = id,
            Owner = new("ten_1", "ins_1", "mem_1"),
            ImageId = "image",
            VolumeId = "vol_dead",
            Cpu = 1,
            MemoryBytes = 1,
            Iops = 0,
            Engine = "test",
            EngineVersion = "1",
            EnginePort = 1,
            Address = "10.0.0.1",
            Uid = 651000,
            Epoch = 1,
            DestroyedAt = destroyedAt,
        };
}
