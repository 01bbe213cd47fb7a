using System.Collections.Concurrent;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Dbaas.Control.Composition;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Keys;

internal sealed class KeyServices(IOptions<ControlOptions> options) : IKeyServices, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<AmazonKeyManagementServiceClient>> _clients =
        new(StringComparer.Ordinal);

    public IAmazonKeyManagementService Of(string region) =>
        _clients
            .GetOrAdd(
                region,
                name => new Lazy<AmazonKeyManagementServiceClient>(() => Create(RegionOf(name)))
            )
            .Value;

    public string? EndpointOf(string region) =>
        options.Value.Regions.FirstOrDefault(r => r.Name == region)?.KmsEndpoint;

    public string HostPrincipalOf(string region) =>
        RegionOf(region).HostPrincipal ?? $"arn:aws:iam::000000000000:user/dbaas-host-{region}";

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private RegionOptions RegionOf(string name) =>
        options.Value.Regions.FirstOrDefault(region => region.Name == name)
        ?? throw new InvalidOperationException($"Region {name} is not configured.");

    private AmazonKeyManagementServiceClient Create(RegionOptions region)
    {
        var control = options.Value;
        var config = new AmazonKeyManagementServiceConfig
        {
            ServiceURL = region.KmsEndpoint,
            AuthenticationRegion = region.KmsRegion ?? region.Name,
            HttpClientFactory = new TrustingHttpClientFactory(
                control.KmsCaFile ?? control.Pki.InternalCertificateFile
            ),
            // Steps repeat by themselves and say why; long silent retries inside would only hide an outage.
            MaxErrorRetry = 1,
            RetryMode = RequestRetryMode.Standard,
            Timeout = TimeSpan.FromSeconds(5),
        };
        return new AmazonKeyManagementServiceClient(
            KeyServiceCredentials.Read(control.KmsCredentialsFile),
            config
        );
    }
}
