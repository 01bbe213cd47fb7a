using System.Net;
using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>Customer keys, and what their owner does to them at the key service.</summary>
internal static class Keys
{
    /// <returns>Id of a new key of the region.</returns>
    public static async Task<string> MakeAsync(Scene scene)
    {
        var (status, body) = await scene.Rest.SendAsync(
            HttpMethod.Post,
            "/v1/keys",
            new JsonObject
            {
                ["alias"] = $"f-{Guid.NewGuid():N}"[..20],
                ["region"] = Database.Region,
            }
        );
        Assert.True(status == HttpStatusCode.Created, body);
        return (string)JsonNode.Parse(body)!["id"]!;
    }

    /// <summary>Speaks to the region's key service as the one who administers its keys.</summary>
    public static AmazonKeyManagementServiceClient Administer(Platform platform)
    {
        var credentials = platform.ReadJson("secrets/kms-administrator.json");
        var service = platform.ReadJson($"config/kms-{Database.Region}.json");
        return new(
            new BasicAWSCredentials(
                (string)credentials["accessKeyId"]!,
                (string)credentials["secretAccessKey"]!
            ),
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = $"https://{(string)service["listen"]!}",
                AuthenticationRegion = Database.Region,
                HttpClientFactory = new TrustAuthority(
                    Path.Combine(platform.Root, "pki", "internal-ca.crt")
                ),
            }
        );
    }

    private sealed class TrustAuthority(string file) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
            var handler = new SocketsHttpHandler { UseProxy = false };
            handler.SslOptions.CertificateChainPolicy = new()
            {
                TrustMode = System
                    .Security
                    .Cryptography
                    .X509Certificates
                    .X509ChainTrustMode
                    .CustomRootTrust,
                CustomTrustStore =
                {
                    System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(
                        file
                    ),
                },
                RevocationMode = System
                    .Security
                    .Cryptography
                    .X509Certificates
                    .X509RevocationMode
                    .NoCheck,
            };
            return new(handler);
        }
    }
}
