namespace Dbaas.Control.Composition;

/// <summary>A region as configured.</summary>
internal sealed class RegionOptions
{
    /// <summary>e.g. local-a.</summary>
    public string Name { get; set; } = "";

    /// <summary>URL of its key service (AWS KMS protocol).</summary>
    public string KmsEndpoint { get; set; } = "";

    /// <summary>Region that key service expects in signatures. Default: the region's own name.</summary>
    public string? KmsRegion { get; set; }

    /// <summary>Principal (ARN) of the region's hosts at the key service: grants to decrypt go to it.</summary>
    public string? HostPrincipal { get; set; }

    /// <summary>host or simulated.</summary>
    public string Driver { get; set; } = "host";
}
