using System.Security.Cryptography.X509Certificates;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Dbaas.LocalKms.Initialise;

namespace Dbaas.LocalKms.Tests;

/// <summary>The AWS SDK, pointed at a test service and trusting its certificate alone.</summary>
internal static class KmsClients
{
    public static AmazonKeyManagementServiceClient Create(
        Uri endpoint,
        string certificatePath,
        CredentialFile credentials,
        string region = KmsFiles.Region
    ) => Create(endpoint, () => new HttpClient(Handler(certificatePath)), credentials, region);

    public static AmazonKeyManagementServiceClient Create(
        Uri endpoint,
        Func<HttpClient> http,
        CredentialFile credentials,
        string region = KmsFiles.Region
    ) =>
        new(
            new BasicAWSCredentials(credentials.AccessKeyId, credentials.SecretAccessKey),
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = endpoint.ToString(),
                AuthenticationRegion = region,
                MaxErrorRetry = 0,
                HttpClientFactory = new Given(http),
            }
        );

    public static SocketsHttpHandler Handler(string certificatePath)
    {
        var trusted = X509Certificate2.CreateFromPem(File.ReadAllText(certificatePath));
        return new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null
                    && certificate.GetRawCertData().AsSpan().SequenceEqual(trusted.RawData),
            },
        };
    }

    private sealed class Given(Func<HttpClient> http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http();

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
