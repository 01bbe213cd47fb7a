using System.Security.Cryptography;
using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;
using Dbaas.Host.State;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Benchmarks.Bare;

/// <summary>An empty folder on an encrypted volume of the platform's own kind, for a server that is bare in all else.</summary>
internal sealed class EncryptedFolder : IDisposable
{
    private const string VolumeId = "bare";
    private readonly EncryptedVolumes volumes;

    private EncryptedFolder(string root)
    {
        var settings = new HostSettings
        {
            Root = root,
            Region = "bare",
            MachineRange = "10.255.0.0/16",
            // The rest of a host's settings speaks of machines and services, of which there are none.
            InstallationId = "00000000",
            Listen = "",
            EndpointRange = "",
            ServiceAddress = "",
            ControlEndpoint = "",
            ControlCaFile = "",
            EnrolTokenFile = "",
            KmsEndpoint = "",
            KmsCredentialsFile = "",
            EtcdClientPort = 0,
            EtcdPeerPort = 0,
            ImageStore = "",
            AgentFolder = "",
        };
        var paths = new HostPaths(settings);
        paths.Ensure();
        volumes = new(
            new ProcessCommands(),
            new OneTimeKey(),
            paths,
            new StateFolder<VolumeRecord>(
                Path.Combine(paths.State, "volumes"),
                HostStateJson.Default.VolumeRecord
            ),
            new VolumeUids(settings),
            TimeProvider.System,
            NullLogger<EncryptedVolumes>.Instance
        );
    }

    public string Location => volumes.DataFolder(VolumeId);

    /// <param name="root">Of its files; must not be there, or hold what a crashed run left.</param>
    public static async Task<EncryptedFolder> MakeAsync(
        string root,
        long bytes,
        CancellationToken cancellationToken
    )
    {
        Remove(root);
        var folder = new EncryptedFolder(root);
        await folder.volumes.CreateAsync(
            new()
            {
                VolumeId = VolumeId,
                SizeBytes = bytes,
                Owner = new() { TenantId = "bench" },
            },
            cancellationToken
        );
        await folder.volumes.OpenAsync(
            new() { VolumeId = VolumeId, Key = new() },
            cancellationToken
        );
        return folder;
    }

    /// <summary>Takes away what a run left behind, mounted or not.</summary>
    public static void Remove(string root)
    {
        if (Directory.Exists(root))
        {
            new EncryptedFolder(root).Dispose();
            Directory.Delete(root, recursive: true);
        }
    }

    public void Dispose() => volumes.Destroy(new() { VolumeId = VolumeId });

    /// <summary>A key that exists for one run and is known to nobody.</summary>
    private sealed class OneTimeKey : IDataKeys
    {
        public Task<byte[]> UnwrapAsync(WrappedKey key, CancellationToken cancellationToken) =>
            Task.FromResult(RandomNumberGenerator.GetBytes(64));
    }
}
