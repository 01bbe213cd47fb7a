using Amazon.KeyManagementService;

namespace Dbaas.Control.Keys;

/// <summary>The key services of the regions, by the AWS KMS protocol. Thread-safe; clients are shared and not disposed by callers.</summary>
internal interface IKeyServices
{
    /// <exception cref="InvalidOperationException">The region is not configured.</exception>
    IAmazonKeyManagementService Of(string region);

    /// <summary>URL of the region's key service; null when the region is not configured.</summary>
    string? EndpointOf(string region);

    /// <summary>Who decrypts in this region: the principal grants go to.</summary>
    string HostPrincipalOf(string region);
}
