using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Dbaas.Host.Tests;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Initialise;
using Dbaas.Protocol.Host;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.MachineDrivers.Tests.Hosts;

/// <summary>The region's key service in this process, and data keys that a host may unwrap, made as the control service makes them.</summary>
internal sealed class TestKeys : IAsyncDisposable
{
    private readonly WebApplication _service;
    private readonly AmazonKeyManagementServiceClient _client;
    private readonly string _key;
    private readonly string _hostPrincipal;

    private TestKeys(
        WebApplication service,
        AmazonKeyManagementServiceClient client,
        string key,
        string hostPrincipal
    )
    {
        (_service, _client, _key, _hostPrincipal) = (service, client, key, hostPrincipal);
    }

    public string Endpoint => AddressOf(_service);

    public static string HostCredentials(string folder) =>
        Path.Combine(folder, "secrets", $"kms-host-{RunningHost.Region}.json");

    public static async Task<TestKeys> StartAsync(string folder, TestAuthority authority)
    {
        var data = Path.Combine(folder, "kms");
        KmsInitialiser.Run(
            data,
            Path.Combine(folder, "secrets"),
            RunningHost.Region,
            "000000000000",
            null
        );
        var (certificate, key) = authority.Issue("kms", "127.0.0.1");
        var service = KmsServer.Build(
            new KmsSettings
            {
                Listen = "127.0.0.1:0",
                CertificateFile = certificate,
                CertificateKeyFile = key,
                DataFolder = data,
                Region = RunningHost.Region,
                PrincipalsFile = Path.Combine(data, "principals.json"),
            },
            TimeProvider.System
        );
        await service.StartAsync();
        var control = Read(Path.Combine(folder, "secrets", "kms-control.json"));
        var client = new AmazonKeyManagementServiceClient(
            new BasicAWSCredentials(
                control.GetProperty("accessKeyId").GetString(),
                control.GetProperty("secretAccessKey").GetString()
            ),
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = AddressOf(service),
                AuthenticationRegion = RunningHost.Region,
                HttpClientFactory = new Trusting(authority.AuthorityFile),
            }
        );
        var made = await client.CreateKeyAsync(new CreateKeyRequest());
        return new TestKeys(
            service,
            client,
            made.KeyMetadata.Arn,
            Read(HostCredentials(folder)).GetProperty("arn").GetString()!
        );
    }

    public async Task<WrappedKey> WrapAsync(Owner owner)
    {
        var context = new Dictionary<string, string>
        {
            ["tenant"] = owner.TenantId,
            ["instance"] = owner.InstanceId,
            ["purpose"] = "volume",
        };
        var wrapped = await _client.GenerateDataKeyWithoutPlaintextAsync(
            new GenerateDataKeyWithoutPlaintextRequest
            {
                KeyId = _key,
                NumberOfBytes = 64,
                EncryptionContext = context,
            }
        );
        var grant = await _client.CreateGrantAsync(
            new CreateGrantRequest
            {
                KeyId = _key,
                GranteePrincipal = _hostPrincipal,
                Operations = [GrantOperation.Decrypt],
                Constraints = new GrantConstraints { EncryptionContextSubset = context },
            }
        );
        return new WrappedKey
        {
            KeyEndpoint = Endpoint,
            KeyId = _key,
            Ciphertext = ByteString.CopyFrom(wrapped.CiphertextBlob.ToArray()),
            GrantToken = grant.GrantToken,
            Context = { context },
        };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    private static string AddressOf(WebApplication service) =>
        service
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }

    private sealed class Trusting(string authorityFile) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(authorityFile);
            return new HttpClient(
                new SocketsHttpHandler
                {
                    SslOptions = new SslClientAuthenticationOptions
                    {
                        CertificateChainPolicy = policy,
                    },
                }
            );
        }

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
