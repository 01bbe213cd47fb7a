using System.Text.Json.Nodes;

namespace Dbaas.Schema;

/// <summary>A function of schema.json: something to read.</summary>
public sealed record FunctionSchema
{
    /// <summary>Name without package and module, e.g. getInstance.</summary>
    public required string Name { get; init; }
    public string Description { get; init; } = "";

    /// <summary><c>x-get</c>: path to read, with inputs in braces, e.g. /v1/instances/{name}.</summary>
    public required string Get { get; init; }

    /// <summary><c>x-ephemeral</c>: the answer must never be stored.</summary>
    public bool Ephemeral { get; init; }

    /// <summary><c>x-example</c>: inputs of the example in the reference.</summary>
    public JsonObject Example { get; init; } = [];
    public required IReadOnlyList<SchemaProperty> Inputs { get; init; }
    public required IReadOnlyList<SchemaProperty> Outputs { get; init; }
}
