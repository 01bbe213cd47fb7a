using System.Text.Json.Serialization;

namespace Dbaas.Stacks.Settings;

/// <summary>A region of a platform as the control service must know it.</summary>
public sealed record PlatformRegion
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    /// <summary>URL of its key service (AWS KMS protocol).</summary>
    [JsonPropertyName("kmsEndpoint")]
    public string KmsEndpoint { get; init; } = "";

    /// <summary>Region the key service expects in signatures; empty: the region's own name.</summary>
    [JsonPropertyName("kmsRegion")]
    public string KmsRegion { get; init; } = "";

    /// <summary>ARN of the region's hosts at the key service.</summary>
    [JsonPropertyName("hostPrincipal")]
    public string HostPrincipal { get; init; } = "";

    /// <summary>Network in which its hosts listen, in CIDR notation.</summary>
    [JsonPropertyName("hostNetwork")]
    public string HostNetwork { get; init; } = "";

    /// <summary>TCP port its hosts listen at.</summary>
    [JsonPropertyName("hostPort")]
    public int HostPort { get; init; } = 7461;
}
