using System.Text.Json.Nodes;

namespace Dbaas.Schema;

/// <summary>A resource of schema.json.</summary>
public sealed record ResourceSchema
{
    /// <summary>Name without package and module, e.g. DatabaseInstance.</summary>
    public required string Name { get; init; }
    public string Description { get; init; } = "";

    /// <summary><c>x-collection</c>: path of its REST collection, e.g. /v1/instances.</summary>
    public required string Collection { get; init; }

    /// <summary><c>x-id-prefix</c>: what its ids start with, before the underscore.</summary>
    public required string IdPrefix { get; init; }

    /// <summary>
    /// <c>x-not-found</c>: the problem code by which the service says that this very resource does not exist, e.g. instance.not_found. Any
    /// other refusal leaves it in state.
    /// </summary>
    public required string NotFound { get; init; }

    /// <summary><c>x-data-bearing</c>: losing it loses data, so nothing may ever replace it.</summary>
    public bool DataBearing { get; init; }

    /// <summary><c>x-example</c>: inputs of the example in the reference.</summary>
    public JsonObject Example { get; init; } = [];

    /// <summary>What users declare.</summary>
    public required IReadOnlyList<SchemaProperty> Inputs { get; init; }

    /// <summary>What only the platform sets: the properties that are no inputs.</summary>
    public required IReadOnlyList<SchemaProperty> Outputs { get; init; }

    /// <summary>Everything that can be read back: inputs as the platform holds them, and <see cref="Outputs"/>.</summary>
    public IReadOnlyList<SchemaProperty> Properties { get; init; } = [];
}
