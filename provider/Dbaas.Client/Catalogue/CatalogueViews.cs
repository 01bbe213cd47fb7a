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
