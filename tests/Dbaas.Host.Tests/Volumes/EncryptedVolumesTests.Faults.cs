using Dbaas.Host.Native;
using Dbaas.Host.State;
using Dbaas.Host.Volumes;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Host.Tests.Volumes;

/// <content>Daemons that died half-way, and what they left running or mounted.</content>
public sealed partial class EncryptedVolumesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Given_a_daemon_that_died_between_key_and_folder_when_opened_again_then_the_folder_is_whole(
        bool made
    )
    {
        await CreateAsync("vol_1");
        await OpenAsync("vol_1");
        var folder = host.Volumes.DataFolder("vol_1");
        Directory.Delete(folder);
        if (made)
        {
            Directory.CreateDirectory(folder); // not yet encrypted, nor the machine's
        }
        var unwrapped = TestHost.Keys.Unwrapped;

        await OpenAsync("vol_1");

        var record = host.Volumes.Find("vol_1")!;
        using var data = Descriptor.OpenFolder(folder);
        Assert.Equal(record.KeyIdentifier, FolderEncryption.PolicyOf(data));
        Assert.Equal(record.Uid, await OwnerOfAsync(folder));
        Assert.Equal(unwrapped, TestHost.Keys.Unwrapped); // the kernel still has the key
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Given_a_file_system_tool_of_a_killed_daemon_when_the_volume_is_opened_then_it_waits_for_the_tools_end(
        bool lengthened
    )
    {
        await CreateAsync("vol_1");
        var records = host.Services.GetRequiredService<StateFolder<VolumeRecord>>();
        records.Save("vol_1", records.Load("vol_1")! with { SizeBytes = 2 * Size });
        var image = host.Volumes.ImageFile("vol_1");
        // As flock(1) locks it for the tool.
        using (
            var held = new FileStream(image, FileMode.Open, FileAccess.ReadWrite, FileShare.None)
        )
        {
            if (lengthened)
            {
                held.SetLength(2 * Size);
            }

            await IsInUseAsync(() => OpenAsync("vol_1"));
            Assert.Null(MountTable.Find(host.Volumes.MountPoint("vol_1")));
        }

        await OpenAsync("vol_1");
        Assert.True(new DriveInfo(host.Volumes.MountPoint("vol_1")).TotalSize > Size * 3 / 2);
    }

    [Fact]
    public async Task Given_an_image_that_is_still_mounted_elsewhere_when_opened_then_both_are_one_file_system()
    {
        await OpenWithSecretAsync("vol_1");
        var elsewhere = MountElsewhere("vol_1");

        await OpenAsync("vol_1");

        Assert.Single(LoopDevices.List(), loop => loop.File == host.Volumes.ImageFile("vol_1"));
        Assert.Equal(
            MountTable.Find(elsewhere)!.Device,
            MountTable.Find(host.Volumes.MountPoint("vol_1"))!.Device
        );
        Assert.True(File.Exists(SecretFile("vol_1")));
        Mount.Remove(elsewhere, lazy: false);
    }

    [Fact]
    public async Task Given_an_image_that_is_still_mounted_elsewhere_when_grown_then_no_tool_touches_it()
    {
        await OpenWithSecretAsync("vol_1");
        var elsewhere = MountElsewhere("vol_1");

        await IsInUseAsync(GrowAsync);

        Mount.Remove(elsewhere, lazy: false);
        await GrowAsync();
        await OpenAsync("vol_1", epoch: 2);
        Assert.True(new DriveInfo(host.Volumes.MountPoint("vol_1")).TotalSize > Size * 3 / 2);
        Assert.True(File.Exists(SecretFile("vol_1")));

        Task GrowAsync() =>
            host.Volumes.GrowAsync(
                new()
                {
                    VolumeId = "vol_1",
                    SizeBytes = 2 * Size,
                    Epoch = 2,
                },
                Cancel
            );
    }

    /// <summary>Leaves the volume mounted at another place only, as a mount namespace does that nobody looks into.</summary>
    private string MountElsewhere(string id)
    {
        var target = Directory
            .CreateDirectory(Path.Combine(host.Paths.Region, "elsewhere"))
            .FullName;
        Mount.At(host.Volumes.MountPoint(id), target, "none", Mount.Options.Bind, null);
        Mount.Remove(host.Volumes.MountPoint(id), lazy: false);
        return target;
    }

    private static async Task IsInUseAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<HostRefusal>(call);
        Assert.Equal(("volume.in_use", true), (refusal.Code, refusal.Retryable));
    }
}
