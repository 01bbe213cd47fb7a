using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Dbaas.Control.Metadata;

/// <summary>jsonb columns as <see cref="JsonNode"/>.</summary>
internal sealed class JsonNodeConverter()
    : ValueConverter<JsonNode, string>(node => node.ToJsonString(null), text => Read(text))
{
    private static JsonNode Read(string text) =>
        JsonNode.Parse(text) ?? throw new FormatException("A jsonb column holds JSON null.");
}
