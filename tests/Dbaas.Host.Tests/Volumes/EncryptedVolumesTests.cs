using System.Globalization;
using System.Text;
using Dbaas.Host.Commands;
using Dbaas.Host.Native;
using Dbaas.Host.State;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Host.Tests.Volumes;

[Trait("Needs", "root")]
public sealed partial class EncryptedVolumesTests : IAsyncLifetime
{
    private const string Secret = "PLAINTEXT-MARKER-4711";
    private const long Size = 128L << 20;
    private TestHost host = null!;

    public async ValueTask InitializeAsync() => host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Given_data_on_a_volume_then_the_raw_image_holds_neither_contents_nor_names()
    {
        await OpenWithSecretAsync("vol_1");
        host.Volumes.Close(new() { VolumeId = "vol_1", Epoch = 1 });

        var raw = await File.ReadAllBytesAsync(host.Volumes.ImageFile("vol_1"), Cancel);

        Assert.Equal(-1, raw.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Secret)));
        Assert.Equal(-1, raw.AsSpan().IndexOf("secret-file-name"u8));
        // The test would find plaintext if there were any: what is not below the encrypted folder shows.
        Assert.NotEqual(-1, raw.AsSpan().IndexOf("lost+found"u8));
    }

    [Fact]
    public async Task Given_a_closed_volume_when_opened_again_then_the_data_is_there()
    {
        await OpenWithSecretAsync("vol_1");
        host.Volumes.Close(new() { VolumeId = "vol_1", Epoch = 1 });
        Assert.Equal("closed", host.Volumes.Status("vol_1").State);
        Assert.False(Directory.Exists(host.Volumes.DataFolder("vol_1")));

        await OpenAsync("vol_1");

        Assert.Equal("open", host.Volumes.Status("vol_1").State);
        Assert.StartsWith(
            Secret,
            await File.ReadAllTextAsync(SecretFile("vol_1"), Cancel),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_a_copy_of_a_destroyed_volume_then_it_cannot_be_read()
    {
        await OpenWithSecretAsync("vol_1");
        await host.Commands.DoAsync("sync", ["-f", host.Volumes.MountPoint("vol_1")], Cancel);
        var copy = Path.Combine(host.Paths.Region, "stolen.img");
        File.Copy(host.Volumes.ImageFile("vol_1"), copy);
        Assert.True(host.Volumes.Destroy(new() { VolumeId = "vol_1", Epoch = 2 }));
        Assert.False(File.Exists(host.Volumes.ImageFile("vol_1")));

        var target = Path.Combine(host.Paths.Region, "stolen");
        Directory.CreateDirectory(target);
        using (var device = LoopDevices.Attach(copy, out var name))
        {
            Mount.At(name, target, "ext4", Mount.Options.None, null);
        }
        var entry = Assert.Single(Directory.GetFiles(target + "/data"));

        Assert.DoesNotContain("secret", entry, StringComparison.Ordinal);
        var read = await host.Commands.TryAsync("cat", [entry], Cancel);
        Assert.NotEqual(0, read.ExitCode);
        Assert.Contains("Required key not available", read.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_another_key_when_opened_then_it_is_refused_and_nothing_stays_mounted()
    {
        await OpenWithSecretAsync("vol_1");
        host.Volumes.Close(new() { VolumeId = "vol_1", Epoch = 1 });

        var refusal = await Assert.ThrowsAsync<HostRefusal>(() => OpenAsync("vol_1", "other"));

        Assert.Equal("key.wrong", refusal.Code);
        Assert.Null(MountTable.Find(host.Volumes.MountPoint("vol_1")));
        Assert.DoesNotContain(
            LoopDevices.List(),
            loop => loop.File == host.Volumes.ImageFile("vol_1")
        );
    }

    [Fact]
    public async Task Given_any_call_when_repeated_then_it_does_nothing_and_says_the_same()
    {
        await CreateAsync("vol_1");
        await CreateAsync("vol_1");
        await OpenAsync("vol_1");
        var unwrapped = TestHost.Keys.Unwrapped;
        await OpenAsync("vol_1");
        Assert.Equal(unwrapped, TestHost.Keys.Unwrapped); // an open volume asks for no key

        host.Volumes.Close(new() { VolumeId = "vol_1", Epoch = 1 });
        host.Volumes.Close(new() { VolumeId = "vol_1", Epoch = 1 });
        Assert.True(host.Volumes.Destroy(new() { VolumeId = "vol_1", Epoch = 1 }));
        Assert.False(host.Volumes.Destroy(new() { VolumeId = "vol_1", Epoch = 1 }));
        Assert.False(host.Volumes.Destroy(new() { VolumeId = "vol_never", Epoch = 1 }));
    }

    [Fact]
    public async Task Given_a_later_epoch_when_an_earlier_caller_wakes_up_then_it_is_refused()
    {
        await CreateAsync("vol_1", epoch: 5);

        var late = Assert.Throws<HostRefusal>(() =>
            host.Volumes.Destroy(new() { VolumeId = "vol_1", Epoch = 4 })
        );
        Assert.Equal("host.stale_epoch", late.Code);
        Assert.Equal("closed", host.Volumes.Status("vol_1").State);

        host.Volumes.Destroy(new() { VolumeId = "vol_1", Epoch = 6 });
        var back = await Assert.ThrowsAsync<HostRefusal>(() => CreateAsync("vol_1", epoch: 5));
        Assert.Equal("host.stale_epoch", back.Code);
        back = await Assert.ThrowsAsync<HostRefusal>(() => CreateAsync("vol_1", epoch: 7));
        Assert.Equal("volume.destroyed", back.Code);
    }

    [Fact]
    public async Task Given_two_volumes_when_opened_then_each_belongs_to_an_unprivileged_uid_of_its_own()
    {
        await OpenWithSecretAsync("vol_1");
        await OpenWithSecretAsync("vol_2");

        var one = await OwnerOfAsync(host.Volumes.DataFolder("vol_1"));
        var two = await OwnerOfAsync(host.Volumes.DataFolder("vol_2"));

        Assert.NotEqual(one, two);
        Assert.All([one, two], uid => Assert.InRange(uid, UidBase + 1000, UidBase + 9999));
    }

    [Fact]
    public async Task Given_a_volume_of_an_early_version_when_its_machine_starts_then_it_is_roots_no_longer()
    {
        await OpenWithSecretAsync("vol_1");
        var records = host.Services.GetRequiredService<StateFolder<VolumeRecord>>();
        records.Save("vol_1", records.Load("vol_1")! with { Uid = 0 });
        VolumeUids.GiveAll(host.Volumes.DataFolder("vol_1"), 0);

        var uid = host.Volumes.UnprivilegedUid(host.Volumes.Find("vol_1")!);

        Assert.InRange(uid, UidBase + 1000, UidBase + 9999);
        Assert.Equal(uid, await OwnerOfAsync(host.Volumes.DataFolder("vol_1")));
        Assert.Equal(uid, await OwnerOfAsync(SecretFile("vol_1")));
        Assert.Equal(uid, host.Volumes.UnprivilegedUid(host.Volumes.Find("vol_1")!));
    }

    [Fact]
    public async Task Given_a_crash_within_formatting_when_created_again_then_the_volume_is_whole()
    {
        await File.WriteAllTextAsync(host.Volumes.ImageFile("vol_1") + ".new", "half", Cancel);

        await CreateAsync("vol_1");
        await OpenAsync("vol_1");

        Assert.Equal("open", host.Volumes.Status("vol_1").State);
        Assert.False(File.Exists(host.Volumes.ImageFile("vol_1") + ".new"));
    }

    [Fact]
    public async Task Given_a_crash_between_mount_and_key_when_opened_then_it_converges()
    {
        await CreateAsync("vol_1");
        Directory.CreateDirectory(host.Volumes.MountPoint("vol_1"));
        using (var device = LoopDevices.Attach(host.Volumes.ImageFile("vol_1"), out var name))
        {
            Mount.At(name, host.Volumes.MountPoint("vol_1"), "ext4", Mount.Options.None, null);
        }
        Directory.CreateDirectory(host.Volumes.DataFolder("vol_1")); // made, not yet encrypted
        Assert.Equal("closed", host.Volumes.Status("vol_1").State);

        await OpenAsync("vol_1");

        using var data = Descriptor.OpenFolder(host.Volumes.DataFolder("vol_1"));
        Assert.NotNull(FolderEncryption.PolicyOf(data));
    }

    [Fact]
    public async Task Given_an_unmount_behind_our_back_then_the_status_tells_the_truth()
    {
        await OpenWithSecretAsync("vol_1");

        Mount.Remove(host.Volumes.MountPoint("vol_1"), lazy: false); // as a reboot would

        Assert.Equal("closed", host.Volumes.Status("vol_1").State);
        await OpenAsync("vol_1");
        Assert.Equal("open", host.Volumes.Status("vol_1").State);
    }

    [Fact]
    public async Task Given_a_closed_volume_when_grown_then_the_room_is_there_and_the_data_too()
    {
        await OpenWithSecretAsync("vol_1");
        host.Volumes.Close(new() { VolumeId = "vol_1", Epoch = 1 });

        await host.Volumes.GrowAsync(
            new()
            {
                VolumeId = "vol_1",
                SizeBytes = 2 * Size,
                Epoch = 2,
            },
            Cancel
        );
        await OpenAsync("vol_1", epoch: 2);

        Assert.True(new DriveInfo(host.Volumes.MountPoint("vol_1")).TotalSize > Size * 3 / 2);
        Assert.True(File.Exists(SecretFile("vol_1")));
    }

    [Fact]
    public async Task Given_an_open_volume_when_grown_then_it_grows_or_says_what_must_come_first()
    {
        await OpenWithSecretAsync("vol_1");
        var request = new GrowVolumeRequest
        {
            VolumeId = "vol_1",
            SizeBytes = 2 * Size,
            Epoch = 2,
        };

        if (Capabilities.Has(Capabilities.SystemResource))
        {
            await host.Volumes.GrowAsync(request, Cancel);
            Assert.True(new DriveInfo(host.Volumes.MountPoint("vol_1")).TotalSize > Size * 3 / 2);
            return;
        }
        var refusal = await Assert.ThrowsAsync<HostRefusal>(() =>
            host.Volumes.GrowAsync(request, Cancel)
        );
        Assert.Equal("volume.grow_needs_close", refusal.Code);
        Assert.Equal(Size, host.Volumes.Status("vol_1").SizeBytes);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int UidBase => host.Settings.UidBase;

    private async Task<int> OwnerOfAsync(string path) =>
        int.Parse(
            (await host.Commands.TryAsync("stat", ["-c", "%u", path], Cancel)).Output,
            CultureInfo.InvariantCulture
        );

    private string SecretFile(string id) => host.Volumes.DataFolder(id) + "/secret-file-name";

    private Task CreateAsync(string id, ulong epoch = 1) =>
        host.Volumes.CreateAsync(
            new()
            {
                VolumeId = id,
                Owner = new() { TenantId = "ten_1", InstanceId = "ins_1" },
                SizeBytes = Size,
                Epoch = epoch,
            },
            Cancel
        );

    private Task OpenAsync(string id, string key = "wrapped", ulong epoch = 1) =>
        host.Volumes.OpenAsync(
            new()
            {
                VolumeId = id,
                Key = new() { Ciphertext = ByteString.CopyFromUtf8(key) },
                Epoch = epoch,
            },
            Cancel
        );

    private async Task OpenWithSecretAsync(string id)
    {
        await CreateAsync(id);
        await OpenAsync(id);
        await File.WriteAllTextAsync(
            SecretFile(id),
            string.Concat(Enumerable.Repeat(Secret + "\n", 1000)),
            Cancel
        );
    }
}
