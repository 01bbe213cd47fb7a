using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Schema.Reference;

/// <summary>Writes example inputs as Terraform configuration.</summary>
internal static class HclExample
{
    /// <param name="header">What stands before the brace, e.g. resource "dbaas_x" "example".</param>
    /// <param name="known">The properties the inputs belong to; their names decide what is renamed, map keys are not.</param>
    /// <param name="inputs">Values by schema.json name.</param>
    public static string Block(string header, IEnumerable<SchemaProperty> known, JsonObject inputs)
    {
        if (inputs.Count == 0)
        {
            return header + " {}\n";
        }

        var text = new StringBuilder();
        text.Append(header).Append(" {\n");
        Members(text, known, inputs, "  ");
        return text.Append("}\n").ToString();
    }

    private static void Members(
        StringBuilder text,
        IEnumerable<SchemaProperty> known,
        JsonObject values,
        string indent
    )
    {
        var types = known.ToDictionary(property => property.Name, StringComparer.Ordinal);
        var names = values.Select(value => TerraformNames.Attribute(value.Key)).ToList();
        var width = names.Max(name => name.Length);
        foreach (var (name, value) in values)
        {
            text.Append(indent)
                .Append(TerraformNames.Attribute(name).PadRight(width))
                .Append(" = ");
            Value(text, types[name].Type, value, indent);
            text.Append('\n');
        }
    }

    private static void Value(StringBuilder text, PropertyType type, JsonNode? value, string indent)
    {
        switch (value)
        {
            case JsonObject members when type.Kind == PropertyKind.Object:
                text.Append("{\n");
                Members(text, type.Properties, members, indent + "  ");
                text.Append(indent).Append('}');
                break;
            case JsonObject map:
                text.Append("{\n");
                foreach (var (key, item) in map)
                {
                    text.Append(indent).Append("  ").Append(key).Append(" = ");
                    Value(text, type.Element!.Type, item, indent + "  ");
                    text.Append('\n');
                }

                text.Append(indent).Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Value(text, type.Element!.Type, items[i], indent);
                }

                text.Append(']');
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                text.Append('"').Append(scalar.GetValue<string>()).Append('"');
                break;
            default:
                text.Append(value?.ToJsonString() ?? "null");
                break;
        }
    }
}
