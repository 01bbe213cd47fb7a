using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Tests.Hosting;

/// <summary>The real process while its master key is replaced: answering, killed, started again.</summary>
public sealed class MasterKeyRotationTests : IDisposable
{
    private static readonly Dictionary<string, string> Context = new()
    {
        ["purpose"] = "credentials",
    };

    private readonly KmsFiles files = new();
    private readonly int port = KmsProcess.FreePort();
    private readonly string config;

    public MasterKeyRotationTests() => config = files.WriteConfig(port);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string MasterKeyPath => Path.Combine(files.Data, "master.key");

    private string RequestPath => Path.Combine(files.Data, "rotate-master-key");

    [Fact]
    public async Task Given_a_request_when_the_service_runs_then_the_master_key_is_another_and_every_key_and_token_works()
    {
        using var service = await KmsProcess.StartAsync(config, port, Token);
        using var client = Client();
        var (key, wrapped) = await SealAsync(client);
        var token = (await GrantAsync(client, key)).GrantToken;
        var masterBefore = await File.ReadAllBytesAsync(MasterKeyPath, Token);
        var keyFile = Path.Combine(files.Data, "keys", key + ".json");
        var recordBefore = await File.ReadAllTextAsync(keyFile, Token);

        await File.WriteAllTextAsync(RequestPath, "", Token);
        await UntilAsync(() => !File.Exists(RequestPath));

        Assert.NotEqual(masterBefore, await File.ReadAllBytesAsync(MasterKeyPath, Token));
        Assert.NotEqual(recordBefore, await File.ReadAllTextAsync(keyFile, Token));
        Assert.False(File.Exists(MasterKeyPath + ".next"));
        Assert.Equal(key, await OpenAsync(client, wrapped));
        await client.RetireGrantAsync(new RetireGrantRequest { GrantToken = token }, Token);
        await service.KillAsync(Token);
        using var again = await KmsProcess.StartAsync(config, port, Token);
        Assert.Equal(key, await OpenAsync(client, wrapped));
    }

    [Fact]
    public async Task Given_kill_9_at_any_moment_of_a_replacement_when_the_service_starts_again_then_no_key_is_lost()
    {
        var sealedTexts = new Dictionary<string, byte[]>();
        using (var service = await KmsProcess.StartAsync(config, port, Token))
        using (var client = Client())
        {
            for (var count = 0; count < 40; count++)
            {
                var (key, wrapped) = await SealAsync(client);
                sealedTexts[key] = wrapped;
            }
        }

        // The request is there before the start, so each round is killed a little later into the replacement.
        var finished = 0;
        for (var round = 0; round < 8; round++)
        {
            await File.WriteAllTextAsync(RequestPath, "", Token);
            using var service = await KmsProcess.StartAsync(config, port, Token);
            await Task.Delay(round * 8, Token);
            await service.KillAsync(Token);
            finished += File.Exists(RequestPath) ? 0 : 1;
        }

        using var last = await KmsProcess.StartAsync(config, port, Token);
        await UntilAsync(() => !File.Exists(RequestPath) && !File.Exists(MasterKeyPath + ".next"));
        using var reader = Client();
        foreach (var (key, wrapped) in sealedTexts)
        {
            Assert.Equal(key, await OpenAsync(reader, wrapped));
        }

        TestContext.Current.SendDiagnosticMessage(
            "{0} of 8 rounds were finished before the kill",
            finished
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Given_a_crash_between_two_keys_when_the_service_starts_then_it_reads_both_kinds_and_goes_on(
        int rewrapped
    )
    {
        var sealedTexts = new List<(string Key, byte[] Wrapped)>();
        using (var service = await KmsProcess.StartAsync(config, port, Token))
        using (var client = Client())
        {
            sealedTexts.Add(await SealAsync(client));
            sealedTexts.Add(await SealAsync(client));
        }

        HalfRotated.Leave(files, sealedTexts.Take(rewrapped).Select(text => text.Key));
        using var again = await KmsProcess.StartAsync(config, port, Token);
        using var reader = Client();
        foreach (var (key, wrapped) in sealedTexts)
        {
            Assert.Equal(key, await OpenAsync(reader, wrapped));
        }

        await UntilAsync(() => !File.Exists(MasterKeyPath + ".next"));
        foreach (var (key, wrapped) in sealedTexts)
        {
            Assert.Equal(key, await OpenAsync(reader, wrapped));
        }
    }

    [Fact]
    public void Given_a_next_master_key_others_can_read_when_the_service_starts_then_it_refuses()
    {
        File.WriteAllBytes(MasterKeyPath + ".next", new byte[32]);
        File.SetUnixFileMode(
            MasterKeyPath + ".next",
            UnixFileMode.UserRead | UnixFileMode.OtherRead
        );

        Assert.Throws<InvalidDataException>(() => MasterKey.Read(MasterKeyPath));
    }

    public void Dispose() => files.Dispose();

    private AmazonKeyManagementServiceClient Client() =>
        KmsClients.Create(
            new Uri($"https://127.0.0.1:{port}"),
            files.CertificatePath,
            files.Control
        );

    private static async Task<(string Key, byte[] Wrapped)> SealAsync(
        AmazonKeyManagementServiceClient client
    )
    {
        var key = (await client.CreateKeyAsync(new CreateKeyRequest(), Token)).KeyMetadata.KeyId;
        var encrypted = await client.EncryptAsync(
            new EncryptRequest
            {
                KeyId = key,
                Plaintext = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(key)),
                EncryptionContext = Context,
            },
            Token
        );
        return (key, encrypted.CiphertextBlob.ToArray());
    }

    private Task<CreateGrantResponse> GrantAsync(
        AmazonKeyManagementServiceClient client,
        string key
    ) =>
        client.CreateGrantAsync(
            new CreateGrantRequest
            {
                KeyId = key,
                GranteePrincipal = files.Host.Arn,
                Operations = [GrantOperation.Decrypt],
            },
            Token
        );

    private static async Task<string> OpenAsync(
        AmazonKeyManagementServiceClient client,
        byte[] wrapped
    )
    {
        var opened = await client.DecryptAsync(
            new DecryptRequest
            {
                CiphertextBlob = new MemoryStream(wrapped),
                EncryptionContext = Context,
            },
            Token
        );
        return System.Text.Encoding.UTF8.GetString(opened.Plaintext.ToArray());
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
