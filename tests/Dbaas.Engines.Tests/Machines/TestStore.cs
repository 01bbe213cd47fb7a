using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>An etcd with TLS and users on loopback, out of the platform's own image, asked through its JSON gateway.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private const string RootPassword = "root-of-test";
    private readonly Process _process;
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            // The authority lives only in this run; that the store serves its certificate is Patroni's check.
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate?.Subject == "CN=member",
            },
        }
    )
    {
        BaseAddress = new Uri($"https://{Endpoint}"),
        Timeout = TimeSpan.FromSeconds(10),
    };

    private TestStore(Process process) => _process = process;

    public static readonly string Address = TestNetwork.Prefix + ".0.1";
    public const int Port = 24379;
    public static string Endpoint => $"{Address}:{Port}";

    public static async Task<TestStore> StartAsync(string folder, TestAuthority authority)
    {
        var image = EngineImages.Rootfs("platform", "");
        var data = $"{folder}/store";
        Directory.CreateDirectory(data);
        var tls = authority.Issue(Address);
        File.WriteAllText($"{data}/crt", tls.CertificatePem);
        File.WriteAllText($"{data}/key", tls.KeyPem);
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
        var store = new TestStore(process);
        try
        {
            await Eventually.BecomesAsync(
                () => store.CallAsync("maintenance/status", []),
                _ => true,
                TimeSpan.FromSeconds(30)
            );
            await store.CallAsync(
                "auth/user/add",
                new() { ["name"] = "root", ["password"] = RootPassword }
            );
            await store.CallAsync("auth/role/add", new() { ["name"] = "root" });
            await store.CallAsync(
                "auth/user/grant",
                new() { ["user"] = "root", ["role"] = "root" }
            );
            await store.CallAsync("auth/enable", []);
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
        // A fresh token each time: they expire, and a revision made by the last change can void them.
        var root = await CallAsync(
            "auth/authenticate",
            new() { ["name"] = "root", ["password"] = RootPassword }
        );
        var token = root["token"]!.GetValue<string>();
        await CallAsync("auth/user/add", new() { ["name"] = user, ["password"] = password }, token);
        await CallAsync("auth/role/add", new() { ["name"] = user }, token);
        var key = Encoding.UTF8.GetBytes(prefix);
        var end = key.ToArray();
        // A prefix is the range up to the next key of the same length.
        end[^1]++;
        await CallAsync(
            "auth/role/grant",
            new()
            {
                ["name"] = user,
                ["perm"] = new JsonObject
                {
                    ["permType"] = "READWRITE",
                    ["key"] = Convert.ToBase64String(key),
                    ["range_end"] = Convert.ToBase64String(end),
                },
            },
            token
        );
        await CallAsync("auth/user/grant", new() { ["user"] = user, ["role"] = user }, token);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
    }

    private async Task<JsonNode> CallAsync(string path, JsonObject body, string token = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v3/{path}")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(token);
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException(
                $"etcd {path}: {(int)response.StatusCode} {text}"
            );
    }
}
