using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Dbaas.Host.Configuration;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Volumes;

/// <summary>Decrypt of the AWS KMS protocol, as the host's own principal and with the right the caller got for this one key.</summary>
internal sealed class KmsDataKeys(HostSettings settings) : IDataKeys
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public async Task<byte[]> UnwrapAsync(WrappedKey key, CancellationToken cancellationToken)
    {
        using var client = Client(key);
        using var wrapped = new MemoryStream(key.Ciphertext.ToByteArray());
        var request = new DecryptRequest
        {
            CiphertextBlob = wrapped,
            KeyId = key.KeyId,
            EncryptionContext = new(key.Context),
        };
        if (key.GrantToken.Length > 0)
        {
            request.GrantTokens = [key.GrantToken];
        }
        try
        {
            var answer = await client.DecryptAsync(request, cancellationToken);
            return Take(answer.Plaintext);
        }
        catch (AmazonServiceException exception)
        {
            throw Refusal(exception, key.KeyId);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or AmazonClientException or IOException)
        {
            throw new HostRefusal(
                RefusalKind.Unavailable,
                "key.unavailable",
                $"The key service at {Endpoint(key)} does not answer: {exception.Message}",
                exception
            );
        }
    }

    private static byte[] Take(MemoryStream plaintext)
    {
        var key = GC.AllocateArray<byte>((int)plaintext.Length, pinned: true);
        plaintext.ReadExactly(key);
        if (plaintext.TryGetBuffer(out var buffer))
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
        return key;
    }

    private static HostRefusal Refusal(AmazonServiceException exception, string keyId) =>
        exception.ErrorCode switch
        {
            "DisabledException" or "KMSInvalidStateException" => Forbidden(
                "key.disabled",
                $"The customer key {keyId} is disabled or about to be deleted. Enable it and start the instance again."
            ),
            "NotFoundException" => Forbidden(
                "key.not_found",
                $"The customer key {keyId} does not exist."
            ),
            "AccessDeniedException" => Forbidden(
                "key.access_denied",
                $"The key service refuses this host the use of {keyId}: {exception.Message}"
            ),
            "InvalidCiphertextException" or "IncorrectKeyException" => Forbidden(
                "key.wrong",
                $"The data key was not wrapped by {keyId} with this encryption context."
            ),
            _ => new(
                RefusalKind.Unavailable,
                "key.unavailable",
                $"The key service refused Decrypt: {exception.ErrorCode} {exception.Message}",
                exception
            ),
        };

    private static HostRefusal Forbidden(string code, string message) =>
        new(RefusalKind.Forbidden, code, message);

    private string Endpoint(WrappedKey key) =>
        key.KeyEndpoint.Length > 0 ? key.KeyEndpoint : settings.KmsEndpoint;

    private AmazonKeyManagementServiceClient Client(WrappedKey key)
    {
        // Read at each use: rotated credentials count at once, and none stays in memory.
        using var file = JsonDocument.Parse(File.ReadAllBytes(settings.KmsCredentialsFile));
        var credentials = new BasicAWSCredentials(
            file.RootElement.GetProperty("accessKeyId").GetString(),
            file.RootElement.GetProperty("secretAccessKey").GetString()
        );
        return new(
            credentials,
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = Endpoint(key),
                AuthenticationRegion = RegionOf(key.KeyId),
                HttpClientFactory = new PrivateAuthority(settings.KmsCaFile),
                MaxErrorRetry = 2,
                Timeout = Deadline,
            }
        );
    }

    private string RegionOf(string keyId) =>
        keyId.Split(':') is ["arn", _, "kms", var region, ..] && region.Length > 0
            ? region
            : settings.Region;

    /// <summary>TLS 1.3 only; trusts the installation's authority when one is configured, else the system's.</summary>
    private sealed class PrivateAuthority(string authorityFile) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
            var handler = new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    EnabledSslProtocols = SslProtocols.Tls13,
                },
            };
            if (authorityFile.Length > 0)
            {
                var policy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                policy.CustomTrustStore.ImportFromPemFile(authorityFile);
                handler.SslOptions.CertificateChainPolicy = policy;
            }
            return new(handler) { Timeout = Deadline };
        }

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => true;
    }
}
