using Dbaas.Host.Commands;
using Dbaas.Host.Native;

namespace Dbaas.Host.Volumes;

/// <summary>What the kernel and the file system tools do for a volume.</summary>
internal sealed partial class EncryptedVolumes
{
    /// <summary>Superblock, descriptors and the root folder lie in here.</summary>
    private const int HeaderBytes = 1 << 20;

    private const int WouldBlock = 11; // EWOULDBLOCK: another has it locked
    private const string ToolAtWork = "a file system tool of an earlier daemon works on it";
    private static readonly TimeSpan DetachDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DetachPause = TimeSpan.FromMilliseconds(10);

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
        using var device =
            LoopDevices.Share(ImageFile(id), out var name)
            ?? LoopDevices.Attach(ImageFile(id), out name);
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
        record = record with
        {
            KeyIdentifier = identifier,
        };
        records.Save(record.Id, record);
        FinishFolder(record);
    }

    /// <summary>Makes the data folder of an unlocked volume, or what a crash left out of it.</summary>
    private void FinishFolder(VolumeRecord record)
    {
        using var root = Descriptor.OpenFolder(MountPoint(record.Id));
        var path = DataFolder(record.Id);
        Directory.CreateDirectory(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        using var data = Descriptor.OpenFolder(path);
        if (FolderEncryption.PolicyOf(data) is null)
        {
            FolderEncryption.Encrypt(data, record.KeyIdentifier);
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

    private static HostRefusal InUse(string id, string why = "its machine must be stopped first") =>
        new(RefusalKind.Busy, "volume.in_use", $"Volume {id} is still in use: {why}.");

    /// <summary>
    /// A tool that works on an image that is mounted, be it where we do not see it, destroys what is on it. A device that is on its way
    /// out gets a moment.
    /// </summary>
    private async Task EnsureDetachedAsync(string id, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (LoopDevices.Find(ImageFile(id)) is { } device)
        {
            if (time.GetElapsedTime(started) > DetachDeadline)
            {
                throw InUse(id, $"{device} is attached to it");
            }
            await Task.Delay(DetachPause, time, cancellationToken);
        }
    }

    /// <summary>
    /// Runs a tool that writes into the image, one at a time: it outlives a daemon that is killed, and the next daemon's would work on
    /// the same blocks. The tool inherits flock(1)'s descriptor, so the lock is held until it ends.
    /// </summary>
    private async Task<CommandResult> RunAloneAsync(
        string id,
        string tool,
        string[] options,
        CancellationToken cancellationToken
    )
    {
        const int conflict = 75; // none of the tools ends with it
        var result = await commands.TryAsync(
            "flock",
            [
                "--exclusive",
                "--nonblock",
                "--conflict-exit-code",
                $"{conflict}",
                ImageFile(id),
                tool,
                .. options,
                ImageFile(id),
            ],
            cancellationToken
        );
        return result.ExitCode == conflict ? throw InUse(id, ToolAtWork) : result;
    }

    /// <summary>The image for writing. .NET locks what it opens (flock(2)) and so notices a tool that has it.</summary>
    private FileStream OpenImage(string id)
    {
        try
        {
            return new(ImageFile(id), FileMode.Open, FileAccess.Write);
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            throw InUse(id, ToolAtWork);
        }
    }

    private void Shred(string id)
    {
        var image = ImageFile(id);
        if (!File.Exists(image))
        {
            return;
        }
        using (var file = OpenImage(id))
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
        await EnsureDetachedAsync(record.Id, cancellationToken);
        SetLength(record.Id, record.SizeBytes);
        // resize2fs insists on a checked file system. 1 means "errors corrected", which replaying a journal counts as.
        var check = await RunAloneAsync(record.Id, "e2fsck", ["-f", "-p"], cancellationToken);
        if (check.ExitCode > 1)
        {
            throw new CommandFailedException(check);
        }
        (await RunAloneAsync(record.Id, "resize2fs", [], cancellationToken)).EnsureSucceeded();
        return Grown(record);
    }

    private async Task GrowMountedAsync(VolumeRecord record, CancellationToken cancellationToken)
    {
        SetLength(record.Id, record.SizeBytes);
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

    private void SetLength(string id, long bytes)
    {
        if (new FileInfo(ImageFile(id)).Length < bytes)
        {
            using var file = OpenImage(id);
            file.SetLength(bytes);
        }
    }
}
