using System.Diagnostics;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>An etcd with TLS and users on loopback, from a root folder that holds etcd 3.5.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private const string RootPassword = "root-of-test";
    private readonly Process _process;
    private readonly string _root;

    private TestStore(Process process, string root) => (_process, _root) = (process, root);

    public const string Address = "127.77.0.1";
    public const int Port = 24379;
    public static string Endpoint => $"{Address}:{Port}";

    /// <summary>Folder with etcd and etcdctl below usr/bin; null when this machine has none.</summary>
    public static string? Image =>
        new[]
        {
            Environment.GetEnvironmentVariable("DBAAS_TEST_STORE_ROOTFS"),
            "/var/tmp/dbaas-image-platform/rootfs",
            "/var/tmp/dbaas-agent-etcd/rootfs",
        }.FirstOrDefault(folder => folder is not null && File.Exists($"{folder}/usr/bin/etcdctl"));

    public static async Task<TestStore> StartAsync(string folder, TestAuthority authority)
    {
        var image = Image!;
        var data = $"{folder}/store";
        Directory.CreateDirectory(data);
        var tls = authority.Issue(Address);
        File.WriteAllText($"{data}/crt", tls.CertificatePem);
        File.WriteAllText($"{data}/key", tls.KeyPem);
        File.WriteAllText($"{data}/ca", tls.AuthorityPem);
        var process = Process.Start(
            new ProcessStartInfo(
                "unshare",
                [
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "bash",
                    "-c",
                    $"mount --bind {data} {image}/mnt && exec chroot {image} /usr/bin/etcd --data-dir /mnt/d --name t "
                        + $"--listen-client-urls https://{Endpoint} --advertise-client-urls https://{Endpoint} "
                        + $"--listen-peer-urls http://{Address}:{Port + 1} --initial-advertise-peer-urls http://{Address}:{Port + 1} "
                        + $"--initial-cluster t=http://{Address}:{Port + 1} --cert-file /mnt/crt --key-file /mnt/key "
                        + $"--tls-min-version TLS1.3 --unsafe-no-fsync --log-level error >{data}/log 2>&1",
                ]
            )
        )!;
        var store = new TestStore(process, image);
        try
        {
            await Eventually.BecomesAsync(
                async () => await store.ControlAsync("endpoint", "health"),
                _ => true,
                TimeSpan.FromSeconds(20)
            );
            await store.ControlAsync("user", "add", $"root:{RootPassword}");
            await store.ControlAsync("user", "grant-role", "root", "root");
            await store.ControlAsync("auth", "enable");
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }

        return store;
    }

    /// <summary>A user who reaches its own prefix only, as the host makes one for each instance.</summary>
    public async Task AddUserAsync(string user, string password, string prefix)
    {
        string[] root = ["--user", $"root:{RootPassword}"];
        await ControlAsync([.. root, "user", "add", $"{user}:{password}"]);
        await ControlAsync([.. root, "role", "add", user]);
        await ControlAsync([
            .. root,
            "role",
            "grant-permission",
            user,
            "readwrite",
            prefix,
            "--prefix",
        ]);
        await ControlAsync([.. root, "user", "grant-role", user, user]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private Task<string> ControlAsync(params string[] arguments) =>
        Shell.RunAsync(
            "chroot",
            [
                _root,
                "/usr/bin/etcdctl",
                "--endpoints",
                $"https://{Endpoint}",
                "--insecure-skip-tls-verify",
                "--insecure-transport=false",
                .. arguments,
            ]
        );
}
