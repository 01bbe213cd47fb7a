namespace Dbaas.Schema;

/// <summary>The head of schema.json: what registries and packages show. Null where it says nothing.</summary>
public sealed record PackageMetadata
{
    public string DisplayName { get; init; } = "";
    public IReadOnlyList<string> Keywords { get; init; } = [];
    public string? Homepage { get; init; }
    public string? Repository { get; init; }

    /// <summary>SPDX expression.</summary>
    public string? License { get; init; }
    public string? Publisher { get; init; }

    /// <summary>Where the Pulumi command line fetches the plugin when it is not installed.</summary>
    public string? PluginDownloadUrl { get; init; }
}
