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

    /// <summary>Settings of the provider itself.</summary>
    public required IReadOnlyList<SchemaProperty> Settings { get; init; }
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

    private static PackageSchema ReadEmbedded()
    {
        using var stream =
            typeof(PackageSchema).Assembly.GetManifestResourceStream("schema.json")
            ?? throw new InvalidOperationException("schema.json is not embedded in this build.");
        return Parse(stream);
    }
}
