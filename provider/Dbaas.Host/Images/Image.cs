namespace Dbaas.Host.Images;

/// <summary>A finished image, as <c>image.json</c> beside its root file system records it.</summary>
internal sealed record Image
{
    /// <summary>Hash of the recipe and of the resolved package versions, 16 hex digits; also the folder's name.</summary>
    public required string Id { get; init; }

    public required string Engine { get; init; }

    public required string Version { get; init; }

    /// <summary>The engine's own full version in it, e.g. 18.6; empty when no recipe of this program tells which package that is.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Resolved version of every package in the image.</summary>
    public required IReadOnlyDictionary<string, string> Packages { get; init; }

    public required DateTimeOffset BuiltAt { get; init; }

    /// <summary>Absolute path of the root file system. Never written to after the build.</summary>
    public required string RootFileSystem { get; init; }
}
