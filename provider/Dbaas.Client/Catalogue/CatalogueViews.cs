namespace Dbaas.Client.Catalogue;

public sealed record EngineVersionView(
    string Engine,
    string Version,
    bool IsDefault,
    double MinimumMemoryGib,
    string EndOfLife
);

/// <summary>GET /v1/engines[?engine=].</summary>
public sealed record EngineVersionsView(IReadOnlyList<EngineVersionView> Versions);

public sealed record RegionView(
    string Name,
    bool Available,
    double FreeMemoryGib,
    double FreeStorageGib
);

/// <summary>GET /v1/regions.</summary>
public sealed record RegionsView(IReadOnlyList<RegionView> Regions);

/// <summary>A page of any list. <see cref="NextCursor"/> is null on the last page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>GET /v1/engines/{engine}/versions/{version}/parameters.</summary>
public sealed record EngineParametersView(
    string Engine,
    string Version,
    IReadOnlyList<EngineParameterView> Parameters
);

/// <summary>One parameter as the engine describes it.</summary>
/// <param name="Type">bool, integer, real, string, enum.</param>
/// <param name="Unit">Base unit of minimum, maximum and default; empty when it has none.</param>
/// <param name="Managed">Kept by the platform; setting it is refused.</param>
public sealed record EngineParameterView(
    string Name,
    string Type,
    string Unit,
    string Minimum,
    string Maximum,
    IReadOnlyList<string> Values,
    string Default,
    bool RestartRequired,
    bool Managed,
    string ManagedReason,
    string Description
);
