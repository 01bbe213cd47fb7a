using System.Security.Cryptography;
using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;
using Dbaas.Host.State;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Facts;

/// <summary>Measures once how fast volumes take writes, on a throw-away volume of the same kind as all others.</summary>
internal sealed class WriteSpeed(
    ICommands commands,
    HostPaths paths,
    StateFolder<WriteSpeedRecord> result,
    VolumeUids uids,
    TimeProvider time,
    ILogger<EncryptedVolumes> logger
)
{
    private const string VolumeId = "write-speed";
    private const long VolumeBytes = 128L << 20;
    private const int WriteBytes = 32 << 20;

    /// <summary>Nothing to do when it was measured before.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (result.Load("write") is not null)
        {
            return;
        }
        // Records of its own, so that a crash leaves no volume anybody counts; the file is overwritten by the next try.
        var records = new StateFolder<VolumeRecord>(
            Path.Combine(paths.State, "measuring"),
            HostStateJson.Default.VolumeRecord
        );
        records.Remove(VolumeId);
        var volumes = new EncryptedVolumes(
            commands,
            new OneTimeKey(),
            paths,
            records,
            uids,
            time,
            logger
        );
        try
        {
            await volumes.CreateAsync(
                new()
                {
                    VolumeId = VolumeId,
                    SizeBytes = VolumeBytes,
                    Owner = new() { TenantId = "host" },
                },
                cancellationToken
            );
            await volumes.OpenAsync(new() { VolumeId = VolumeId, Key = new() }, cancellationToken);
            var encrypted = Measure(Path.Combine(volumes.DataFolder(VolumeId), "probe"));
            var plain = Measure(Path.Combine(volumes.MountPoint(VolumeId), "probe"));
            result.Save("write", new(encrypted, plain));
        }
        finally
        {
            volumes.Destroy(new() { VolumeId = VolumeId });
            records.Remove(VolumeId);
        }
    }

    private long Measure(string path)
    {
        var block = new byte[1 << 20];
        RandomNumberGenerator.Fill(block);
        var started = time.GetTimestamp();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            for (var written = 0; written < WriteBytes; written += block.Length)
            {
                file.Write(block);
            }
            file.Flush(flushToDisk: true);
        }
        return (long)(WriteBytes / time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>A key that exists for one measurement and is known to nobody.</summary>
    private sealed class OneTimeKey : IDataKeys
    {
        public Task<byte[]> UnwrapAsync(WrappedKey key, CancellationToken cancellationToken) =>
            Task.FromResult(RandomNumberGenerator.GetBytes(FolderEncryption.KeyBytes));
    }
}
