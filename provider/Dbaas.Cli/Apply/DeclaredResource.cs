using System.Text.Json.Nodes;
using Dbaas.Schema;

namespace Dbaas.Cli.Apply;

/// <summary>One document of a file.</summary>
/// <param name="Inputs">Property names and types as in schema.json.</param>
internal sealed record DeclaredResource(ResourceSchema Resource, string Name, JsonObject Inputs);
