using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;

namespace Dbaas.LocalKms.Tests.Hosting;

/// <summary>The real process: killed, listened to, looked at from outside.</summary>
public sealed class CrashTests : IDisposable
{
    private static readonly Dictionary<string, string> Context = new()
    {
        ["purpose"] = "credentials",
        ["canary"] = "context-value-canary",
    };

    private readonly KmsFiles files = new();
    private readonly int port = KmsProcess.FreePort();
    private readonly string config;

    public CrashTests() => config = files.WriteConfig(port);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_kill_9_again_and_again_when_keys_are_being_made_then_no_answered_key_is_lost()
    {
        var made = new ConcurrentDictionary<string, byte[]>();
        for (var round = 0; round < 5; round++)
        {
            using var service = await KmsProcess.StartAsync(config, port, Token);
            using var client = Client();
            var making = Enumerable
                .Range(0, 3)
                .Select(_ => MakeUntilKilledAsync(client, made))
                .ToArray();
            var target = made.Count + 10;
            while (made.Count < target)
            {
                if (making.All(one => one.IsCompleted))
                {
                    var ends = await Task.WhenAll(making);
                    Assert.Fail($"Nobody makes keys any more, and nobody was killed: {ends[^1]}");
                }

                await Task.Delay(1, Token);
            }

            await service.KillAsync(Token);
            await Task.WhenAll(making);
        }

        using var last = await KmsProcess.StartAsync(config, port, Token);
        using var reader = Client();
        foreach (var (key, wrapped) in made)
        {
            var opened = await reader.DecryptAsync(
                new DecryptRequest
                {
                    CiphertextBlob = new MemoryStream(wrapped),
                    EncryptionContext = Context,
                },
                Token
            );
            Assert.Equal(key, System.Text.Encoding.UTF8.GetString(opened.Plaintext.ToArray()));
        }

        Assert.True(made.Count >= 50);
    }

    [Fact]
    public async Task Given_tls_1_2_when_a_client_offers_nothing_newer_then_the_handshake_fails()
    {
        using var service = await KmsProcess.StartAsync(config, port, Token);

        await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(SslProtocols.Tls12));
        Assert.Equal(SslProtocols.Tls13, await HandshakeAsync(SslProtocols.Tls13));
    }

    [Fact]
    public async Task Given_a_running_service_when_it_is_asked_to_dump_core_then_the_system_forbids_it()
    {
        using var service = await KmsProcess.StartAsync(config, port, Token);

        var limits = await File.ReadAllLinesAsync($"/proc/{service.Id}/limits", Token);

        var core = Assert.Single(
            limits,
            line => line.StartsWith("Max core file size", StringComparison.Ordinal)
        );
        Assert.Equal(
            ["0", "0", "bytes"],
            core["Max core file size".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
    }

    [Fact]
    public async Task Given_requests_when_they_are_logged_then_who_what_and_which_key_are_there_and_no_secret_is()
    {
        string key;
        string output;
        using (var service = await KmsProcess.StartAsync(config, port, Token))
        {
            using var client = Client();
            key = (await client.CreateKeyAsync(new CreateKeyRequest(), Token)).KeyMetadata.Arn;
            await client.EncryptAsync(
                new EncryptRequest
                {
                    KeyId = key,
                    Plaintext = new MemoryStream("plaintext-canary"u8.ToArray()),
                    EncryptionContext = Context,
                },
                Token
            );
            await Eventually(() =>
                service.Output.Contains("TrentService.Encrypt", StringComparison.Ordinal)
            );
            output = service.Output;
        }

        Assert.Contains(files.Control.Arn, output, StringComparison.Ordinal);
        Assert.Contains(key, output, StringComparison.Ordinal);
        Assert.Contains("canary", output, StringComparison.Ordinal);
        Assert.DoesNotContain("context-value-canary", output, StringComparison.Ordinal);
        Assert.DoesNotContain("plaintext-canary", output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Convert.ToBase64String("plaintext-canary"u8),
            output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(files.Control.SecretAccessKey, output, StringComparison.Ordinal);
    }

    public void Dispose() => files.Dispose();

    private AmazonKeyManagementServiceClient Client() =>
        KmsClients.Create(
            new Uri($"https://127.0.0.1:{port}"),
            files.CertificatePath,
            files.Control
        );

    // What was answered is what counts: the key, and that something wrapped by it opens later.
    private static async Task<Exception> MakeUntilKilledAsync(
        AmazonKeyManagementServiceClient client,
        ConcurrentDictionary<string, byte[]> made
    )
    {
        try
        {
            while (true)
            {
                var key = await client.CreateKeyAsync(new CreateKeyRequest(), Token);
                var id = key.KeyMetadata.KeyId;
                var wrapped = await client.EncryptAsync(
                    new EncryptRequest
                    {
                        KeyId = id,
                        Plaintext = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(id)),
                        EncryptionContext = Context,
                    },
                    Token
                );
                made[id] = wrapped.CiphertextBlob.ToArray();
            }
        }
        catch (Exception exception)
            when (exception
                    is HttpRequestException
                        or AmazonServiceException
                        or AmazonClientException
                        or IOException
            )
        {
            // The service was killed, or so it should be.
            return exception;
        }
    }

    private async Task<SslProtocols> HandshakeAsync(SslProtocols protocols)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Token);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = protocols,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate?.Subject == "CN=kms test",
            },
            Token
        );
        return tls.SslProtocol;
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
