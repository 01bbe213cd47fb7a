using Dbaas.Host.Commands;
using Dbaas.Host.Native;

namespace Dbaas.Host.Volumes;

/// <summary>What the kernel and the file system tools do for a volume.</summary>
internal sealed partial class EncryptedVolumes
{
    /// <summary>Superblock, descriptors and the root folder lie in here.</summary>
    private const int HeaderBytes = 1 << 20;

    private const Mount.Options MountOptions =
        Mount.Options.NoSetUid | Mount.Options.NoDevices | Mount.Options.NoAccessTime;

    private async Task FormatAsync(string image, long bytes, CancellationToken cancellationToken)
    {
        // Under another name until it is whole: a crash within mkfs leaves nothing that counts as a volume.
        var beside = image + ".new";
        File.Delete(beside);
        using (
            var file = new FileStream(
                beside,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            file.SetLength(bytes);
        }
        // Tables are not zeroed: a sparse file reads as zeros. All room is the engine's, none is kept for root.
        await commands.DoAsync(
            "mkfs.ext4",
            [
                "-q",
                "-F",
                "-m",
                "0",
                "-O",
                "encrypt",
                "-E",
                "lazy_itable_init=1,lazy_journal_init=1,nodiscard",
                beside,
            ],
            cancellationToken
        );
        File.Move(beside, image);
        DurableFile.FlushFolder(paths.Volumes);
    }

    private void EnsureMounted(string id)
    {
        var target = MountPoint(id);
        Directory.CreateDirectory(target);
        if (MountTable.Find(target) is not null)
        {
            return;
        }
        using var device = LoopDevices.Attach(ImageFile(id), out var name);
        Mount.At(name, target, "ext4", MountOptions, "noinit_itable");
    }

    private void Unlock(VolumeRecord record, ReadOnlySpan<byte> key)
    {
        using var root = Descriptor.OpenFolder(MountPoint(record.Id));
        var identifier = FolderEncryption.Add(root, key);
        if (record.KeyIdentifier.Length > 0 && record.KeyIdentifier != identifier)
        {
            FolderEncryption.Remove(root, identifier);
            root.Dispose(); // an open folder would keep the mount busy
            Mount.Remove(MountPoint(record.Id), lazy: false);
            throw Refuse("key.wrong", $"This is not the data key of volume {record.Id}.");
        }
        // Stored before the folder is encrypted: without it nobody could tell later whether the volume is locked.
        records.Save(record.Id, record with { KeyIdentifier = identifier });

        var path = DataFolder(record.Id);
        Directory.CreateDirectory(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        using var data = Descriptor.OpenFolder(path);
        if (FolderEncryption.PolicyOf(data) is null)
        {
            FolderEncryption.Encrypt(data, identifier);
            root.Flush();
        }
        Ownership.Give(path, record.Uid);
    }

    private void Lock(VolumeRecord record)
    {
        var target = MountPoint(record.Id);
        if (MountTable.Find(target) is null)
        {
            return;
        }
        if (record.KeyIdentifier.Length > 0)
        {
            using var root = Descriptor.OpenFolder(target);
            if (!FolderEncryption.Remove(root, record.KeyIdentifier))
            {
                throw InUse(record.Id);
            }
        }
        try
        {
            Mount.Remove(target, lazy: false);
        }
        catch (IOException)
        {
            throw InUse(record.Id);
        }
        LogClosed(record.Id);
    }

    private static HostRefusal InUse(string id) =>
        new(
            RefusalKind.Busy,
            "volume.in_use",
            $"Volume {id} is still in use; its machine must be stopped first."
        );

    private static void Shred(string image)
    {
        if (!File.Exists(image))
        {
            return;
        }
        using (var file = new FileStream(image, FileMode.Open, FileAccess.Write))
        {
            file.Write(new byte[HeaderBytes]);
            file.Flush(flushToDisk: true);
        }
        File.Delete(image);
        DurableFile.FlushFolder(Path.GetDirectoryName(image)!);
    }

    /// <summary>Brings the file system of an unmounted volume to its size, if a growth was asked for or cut short.</summary>
    private async Task<VolumeRecord> FinishGrowthAsync(
        VolumeRecord record,
        CancellationToken cancellationToken
    )
    {
        if (
            record.FileSystemBytes >= record.SizeBytes
            || MountTable.Find(MountPoint(record.Id)) is not null
        )
        {
            return record;
        }
        var image = ImageFile(record.Id);
        SetLength(image, record.SizeBytes);
        // resize2fs insists on a checked file system. 1 means "errors corrected", which replaying a journal counts as.
        var check = await commands.TryAsync("e2fsck", ["-f", "-p", image], cancellationToken);
        if (check.ExitCode > 1)
        {
            throw new CommandFailedException(check);
        }
        await commands.DoAsync("resize2fs", [image], cancellationToken);
        return Grown(record);
    }

    private async Task GrowMountedAsync(VolumeRecord record, CancellationToken cancellationToken)
    {
        SetLength(ImageFile(record.Id), record.SizeBytes);
        var device =
            LoopDevices.Find(ImageFile(record.Id))
            ?? throw new InvalidOperationException($"Volume {record.Id} has no device.");
        await commands.DoAsync("losetup", ["--set-capacity", device], cancellationToken);
        await commands.DoAsync("resize2fs", [device], cancellationToken);
        Grown(record);
    }

    private VolumeRecord Grown(VolumeRecord record)
    {
        record = record with { FileSystemBytes = record.SizeBytes };
        records.Save(record.Id, record);
        return record;
    }

    private static void SetLength(string image, long bytes)
    {
        using var file = new FileStream(image, FileMode.Open, FileAccess.Write);
        if (file.Length < bytes)
        {
            file.SetLength(bytes);
        }
    }
}
