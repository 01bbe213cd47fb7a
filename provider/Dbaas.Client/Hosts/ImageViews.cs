namespace Dbaas.Client.Hosts;

/// <summary>An image on a host, from which machines are made.</summary>
/// <param name="Region">Of the host.</param>
/// <param name="HostId">The host.</param>
/// <param name="Id">Hash of the recipe and the package versions in it.</param>
/// <param name="Engine">Name of the engine.</param>
/// <param name="Version">Major version.</param>
/// <param name="EngineVersion">Full version of the engine in it; empty when the host cannot tell.</param>
/// <param name="BuiltAt">RFC 3339.</param>
/// <param name="Newest">Whether new instances of the version start from it.</param>
public sealed record ImageView(
    string Region,
    string HostId,
    string Id,
    string Engine,
    string Version,
    string EngineVersion,
    string BuiltAt,
    bool Newest
);

/// <summary>Asks hosts to build a version's image anew, with what its repository has today.</summary>
public sealed record RefreshImageRequest
{
    public required string Engine { get; init; }

    /// <summary>Major version.</summary>
    public required string Version { get; init; }

    /// <summary>Null: all regions.</summary>
    public string? Region { get; init; }
}
