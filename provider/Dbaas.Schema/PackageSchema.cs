using System.Text.Json;

namespace Dbaas.Schema;

/// <summary>All of schema.json: the one description from which providers, SDK and reference are derived.</summary>
public sealed record PackageSchema
{
    private static readonly Lazy<PackageSchema> EmbeddedSchema = new(ReadEmbedded);

    /// <summary>Package name, the prefix of every Terraform type.</summary>
    public required string Name { get; init; }
    public required string Version { get; init; }
    public string Description { get; init; } = "";

    /// <summary>What packages made from the schema say of themselves.</summary>
    public PackageMetadata Metadata { get; init; } = new();

    /// <summary>Settings of the provider itself.</summary>
    public required IReadOnlyList<SchemaProperty> Settings { get; init; }

    /// <summary>Settings as they stand in a Pulumi stack's configuration, below the package's name.</summary>
    public IReadOnlyList<SchemaProperty> Configuration { get; init; } = [];
    public required IReadOnlyList<ResourceSchema> Resources { get; init; }
    public required IReadOnlyList<FunctionSchema> Functions { get; init; }

    /// <summary>The schema.json this program was built with; read on first use.</summary>
    public static PackageSchema Embedded => EmbeddedSchema.Value;

    /// <summary>Reads a schema document.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="InvalidDataException">A reference or a required key is missing; the message names it.</exception>
    public static PackageSchema Parse(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        return new SchemaReader(document.RootElement).Read();
    }

    /// <summary>The schema.json this program was built with, to the letter.</summary>
    public static string EmbeddedText()
    {
        using var reader = new StreamReader(OpenEmbedded());
        return reader.ReadToEnd();
    }

    private static PackageSchema ReadEmbedded()
    {
        using var stream = OpenEmbedded();
        return Parse(stream);
    }

    private static Stream OpenEmbedded() =>
        typeof(PackageSchema).Assembly.GetManifestResourceStream("schema.json")
        ?? throw new InvalidOperationException("schema.json is not embedded in this build.");
}
