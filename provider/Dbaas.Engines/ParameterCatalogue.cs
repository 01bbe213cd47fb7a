namespace Dbaas.Engines;

/// <summary>Parameters of one engine version as the engine itself describes them, plus what the platform keeps for itself.</summary>
public sealed record ParameterCatalogue(
    string Engine,
    string Version,
    IReadOnlyDictionary<string, Parameter> Parameters
)
{
    /// <summary>Full version whose server listed these parameters: the newest minor known to exist. Empty when it is not recorded.</summary>
    public string ReadFrom { get; init; } = "";
}

/// <summary>One engine parameter.</summary>
public sealed record Parameter
{
    public required string Name { get; init; }

    /// <summary>bool, integer, real, string, enum.</summary>
    public required string Type { get; init; }

    /// <summary>Base unit (ms, s, min, kB, 8kB, MB, B) or empty.</summary>
    public string Unit { get; init; } = "";
    public string Minimum { get; init; } = "";
    public string Maximum { get; init; } = "";
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The engine's own default, in base units.</summary>
    public string Default { get; init; } = "";
    public required bool RestartRequired { get; init; }

    /// <summary>Kept by the platform: a user who sets it is refused, and told why.</summary>
    public bool Managed { get; init; }
    public string ManagedReason { get; init; } = "";
    public string Description { get; init; } = "";
}
