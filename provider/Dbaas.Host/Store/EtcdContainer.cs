using System.Globalization;
using Dbaas.Host.Containers;

namespace Dbaas.Host.Store;

/// <summary>etcd's container: its image, its command line, its limits. Pure.</summary>
internal static class EtcdContainer
{
    public const string Name = "etcd";

    public static ContainerSpec Describe(
        StoreOptions options,
        StoreFiles files,
        string rootFolder
    ) =>
        new()
        {
            Name = Name,
            RootFolder = rootFolder,
            HostUid = options.Uid,
            HostName = Name,
            Command = Command(options),
            Mounts = [new(files.Data, "/data"), new(files.Tls, "/tls", ReadOnly: true)],
            MaxProcesses = 512,
        };

    private static IReadOnlyList<string> Command(StoreOptions options)
    {
        var client = $"https://{options.Endpoint}";
        var peer = $"https://{options.Address}:{options.PeerPort}";
        return
        [
            "etcd",
            "--name=store",
            "--data-dir=/data",
            $"--listen-client-urls={client}",
            $"--advertise-client-urls={client}",
            $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=store={peer}",
            "--cert-file=/tls/store.crt",
            "--key-file=/tls/store.key",
            "--peer-cert-file=/tls/store.crt",
            "--peer-key-file=/tls/store.key",
            "--peer-trusted-ca-file=/tls/ca.crt",
            "--peer-client-cert-auth",
            "--tls-min-version=TLS1.3",
            // Every Patroni writes its lock each few seconds: history beyond an hour is of no use to anybody.
            "--auto-compaction-mode=periodic",
            "--auto-compaction-retention=1h",
            string.Create(
                CultureInfo.InvariantCulture,
                $"--quota-backend-bytes={options.QuotaBytes}"
            ),
            // Passwords are 256 random bits; slow hashing protects guessable ones only, and costs each log-in 50 ms of processor.
            "--bcrypt-cost=4",
            "--logger=zap",
            "--log-level=warn",
        ];
    }
}
