using System.Globalization;
using System.Security.Cryptography;
using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;
using Dbaas.Host.Native;
using Dbaas.Host.State;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Volumes;

/// <summary>
/// Encrypted volumes: a sparse file, ext4 in it, one folder of it under an fscrypt policy. Every call is an ensure and may be repeated
/// after a crash at any point; the kernel's state decides, not ours. Callers serialise per volume.
/// </summary>
internal sealed partial class EncryptedVolumes(
    ICommands commands,
    IDataKeys keys,
    HostPaths paths,
    StateFolder<VolumeRecord> records,
    VolumeUids uids,
    TimeProvider time,
    ILogger<EncryptedVolumes> logger
)
{
    /// <summary>Smallest size; ext4 with a journal needs some room for itself.</summary>
    private const long MinimumBytes = 64L << 20;
    private readonly System.Threading.Lock drawing = new();

    public VolumeRecord? Find(string id) =>
        records.Load(id) is { DestroyedAt.Length: 0 } record ? record : null;

    public IReadOnlyList<VolumeRecord> List() =>
        [.. records.List().Where(record => record.DestroyedAt.Length == 0)];

    public string ImageFile(string id) => Path.Combine(paths.Volumes, ObjectId.Check(id) + ".img");

    /// <summary>The encrypted folder; there only while the volume is open.</summary>
    public string DataFolder(string id) => Path.Combine(MountPoint(id), "data");

    public bool IsOpen(VolumeRecord record)
    {
        if (record.KeyIdentifier.Length == 0 || MountTable.Find(MountPoint(record.Id)) is null)
        {
            return false;
        }
        using var root = Descriptor.OpenFolder(MountPoint(record.Id));
        return FolderEncryption.IsPresent(root, record.KeyIdentifier);
    }

    /// <exception cref="HostRefusal">Wrong size, or destroyed before.</exception>
    public async Task CreateAsync(CreateVolumeRequest request, CancellationToken cancellationToken)
    {
        var stored = records.Load(request.VolumeId);
        if (stored is { DestroyedAt.Length: > 0 })
        {
            Epochs.Accept(request.Epoch, stored.Epoch, stored.Id); // whoever comes late is told so
            throw Refuse("volume.destroyed", $"Volume {request.VolumeId} was destroyed.");
        }
        if (stored is null && request.SizeBytes < MinimumBytes)
        {
            throw new HostRefusal(
                RefusalKind.Invalid,
                "volume.too_small",
                $"A volume has at least {MinimumBytes >> 20} MiB."
            );
        }
        var record = stored is null ? Draw(request) : Accept(stored, request.Epoch);
        var image = ImageFile(record.Id);
        if (File.Exists(image))
        {
            return;
        }
        await FormatAsync(image, record.SizeBytes, cancellationToken);
        LogCreated(record.Id, record.SizeBytes);
    }

    /// <summary>Mounts and unlocks. Nothing to do, and no key asked for, when it is open.</summary>
    public async Task OpenAsync(OpenVolumeRequest request, CancellationToken cancellationToken)
    {
        var record = Accept(Need(request.VolumeId), request.Epoch);
        if (IsOpen(record))
        {
            FinishFolder(record); // the daemon may have died between the two
            return;
        }
        // The key first: when the key service refuses, nothing has been mounted.
        var key = await keys.UnwrapAsync(request.Key, cancellationToken);
        try
        {
            if (key.Length != FolderEncryption.KeyBytes)
            {
                throw Refuse(
                    "key.wrong_size",
                    $"A volume's data key has {FolderEncryption.KeyBytes} bytes, this one {key.Length}."
                );
            }
            record = await FinishGrowthAsync(record, cancellationToken);
            EnsureMounted(record.Id);
            Unlock(record, key);
            LogOpened(record.Id);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Takes the key away and unmounts.</summary>
    /// <exception cref="HostRefusal">Something still uses the volume.</exception>
    public void Close(CloseVolumeRequest request)
    {
        if (Find(request.VolumeId) is { } record)
        {
            Lock(Accept(record, request.Epoch));
        }
    }

    /// <summary>Grows the file, then the file system: at once when the kernel lets us, else the volume must be closed.</summary>
    public async Task GrowAsync(GrowVolumeRequest request, CancellationToken cancellationToken)
    {
        var record = Accept(Need(request.VolumeId), request.Epoch);
        if (request.SizeBytes < record.SizeBytes)
        {
            throw Refuse("volume.cannot_shrink", "A volume only grows.");
        }
        var mounted = MountTable.Find(MountPoint(record.Id)) is not null;
        if (
            mounted
            && request.SizeBytes > record.FileSystemBytes
            && !Capabilities.Has(Capabilities.SystemResource)
        )
        {
            throw Refuse(
                "volume.grow_needs_close",
                "This host may not grow a mounted file system (CAP_SYS_RESOURCE is missing). Stop the machine and close the volume first."
            );
        }
        record = record with { SizeBytes = request.SizeBytes };
        records.Save(record.Id, record);
        if (mounted)
        {
            await GrowMountedAsync(record, cancellationToken);
        }
        else
        {
            await FinishGrowthAsync(record, cancellationToken);
        }
    }

    /// <summary>Crypto-shredding: key out of the kernel, header overwritten, file gone. True when there was something.</summary>
    public bool Destroy(DestroyVolumeRequest request)
    {
        var stored = records.Load(request.VolumeId);
        var image = ImageFile(request.VolumeId);
        if (stored is not null)
        {
            stored = Accept(stored, request.Epoch);
            if (stored.DestroyedAt.Length == 0)
            {
                Lock(stored);
            }
        }
        var existed = File.Exists(image);
        Shred(request.VolumeId);
        File.Delete(image + ".new");
        if (Directory.Exists(MountPoint(request.VolumeId)))
        {
            Directory.Delete(MountPoint(request.VolumeId));
        }
        // Without a record too: a create that was on its way must find that the volume is over.
        records.Save(
            request.VolumeId,
            (stored ?? Tombstone(request)) with
            {
                DestroyedAt = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            }
        );
        if (existed)
        {
            LogDestroyed(request.VolumeId);
        }
        return existed;
    }

    public VolumeStatus Status(string id)
    {
        if (Find(id) is not { } record || !File.Exists(ImageFile(id)))
        {
            return new() { VolumeId = id, State = "absent" };
        }
        var open = IsOpen(record);
        return new()
        {
            VolumeId = id,
            State = open ? "open" : "closed",
            SizeBytes = record.SizeBytes,
            UsedBytes = open ? FileSystemUse.UsedBytes(MountPoint(id)) : 0,
            AllocatedBytes = FileSystemUse.AllocatedBytes(ImageFile(id)),
        };
    }

    public string MountPoint(string id) => Path.Combine(paths.Mounts, ObjectId.Check(id));

    private VolumeRecord Need(string id) =>
        Find(id)
        ?? throw new HostRefusal(
            RefusalKind.NotFound,
            "volume.not_found",
            $"There is no volume {id} on this host."
        );

    private VolumeRecord Accept(VolumeRecord record, ulong epoch)
    {
        var accepted = Epochs.Accept(epoch, record.Epoch, record.Id);
        if (accepted == record.Epoch)
        {
            return record;
        }
        record = record with { Epoch = accepted };
        records.Save(record.Id, record);
        return record;
    }

    private VolumeRecord Draw(CreateVolumeRequest request)
    {
        lock (drawing)
        {
            var record = new VolumeRecord
            {
                Id = ObjectId.Check(request.VolumeId),
                Owner = OwnerRecord.From(request.Owner),
                SizeBytes = request.SizeBytes,
                FileSystemBytes = request.SizeBytes,
                Uid = uids.Draw(List().Select(other => other.Uid)),
                Epoch = request.Epoch,
            };
            records.Save(record.Id, record);
            return record;
        }
    }

    /// <summary>
    /// The uid under which the machine of an open volume may run. Volumes of early versions belonged to root; that is changed once,
    /// with everything in them.
    /// </summary>
    public int UnprivilegedUid(VolumeRecord record)
    {
        if (uids.Owns(record.Uid))
        {
            return record.Uid;
        }
        lock (drawing)
        {
            record = record with { Uid = uids.Draw(List().Select(other => other.Uid)) };
            VolumeUids.GiveAll(DataFolder(record.Id), record.Uid);
            records.Save(record.Id, record);
            return record.Uid;
        }
    }

    private static VolumeRecord Tombstone(DestroyVolumeRequest request) =>
        new()
        {
            Id = ObjectId.Check(request.VolumeId),
            Owner = new("", "", ""),
            SizeBytes = 0,
            FileSystemBytes = 0,
            Uid = 0,
            Epoch = request.Epoch,
        };

    private static HostRefusal Refuse(string code, string message) =>
        new(RefusalKind.Forbidden, code, message);

    [LoggerMessage(4101, LogLevel.Information, "Volume {Volume} created, {Bytes} bytes")]
    private partial void LogCreated(string volume, long bytes);

    [LoggerMessage(4102, LogLevel.Information, "Volume {Volume} opened")]
    private partial void LogOpened(string volume);

    [LoggerMessage(4103, LogLevel.Information, "Volume {Volume} closed")]
    private partial void LogClosed(string volume);

    [LoggerMessage(4104, LogLevel.Information, "Volume {Volume} destroyed")]
    private partial void LogDestroyed(string volume);
}
