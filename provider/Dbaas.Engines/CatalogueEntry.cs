using System.Text.Json.Serialization;

namespace Dbaas.Engines;

/// <summary>
/// One parameter as it is checked in below <c>engines/ENGINE/VERSION/catalogue.json</c>: what the engine says about itself and
/// nothing of ours, so that the file can be written again from any newer server without losing a decision.
/// </summary>
public sealed record CatalogueEntry
{
    public required string Name { get; init; }

    /// <summary>bool, integer, real, string, enum.</summary>
    public required string Type { get; init; }

    /// <summary>Base unit (ms, s, min, kB, 8kB, MB, B) or empty.</summary>
    public string Unit { get; init; } = "";
    public string Minimum { get; init; } = "";
    public string Maximum { get; init; } = "";
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The engine's own default in base units.</summary>
    public string Default { get; init; } = "";

    /// <summary>The engine's own word for when a change takes effect, e.g. PostgreSQL's <c>pg_settings.context</c>.</summary>
    public required string Context { get; init; }
    public string Description { get; init; } = "";
}

/// <summary>A checked-in catalogue file.</summary>
public sealed record CatalogueFile
{
    public required string Engine { get; init; }
    public required string Version { get; init; }

    /// <summary>The full version of the server that was asked, for the record only.</summary>
    public required string ReadFrom { get; init; }
    public required IReadOnlyList<CatalogueEntry> Parameters { get; init; }
}

/// <summary>Source-generated JSON of the catalogue files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    WriteIndented = true
)]
[JsonSerializable(typeof(CatalogueFile))]
public sealed partial class CatalogueJson : JsonSerializerContext;
