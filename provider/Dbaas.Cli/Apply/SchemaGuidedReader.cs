using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dbaas.Cli.Apply;

/// <summary>
/// Turns YAML into JSON with the types schema.json asks for: `engineVersion: 18.10` is the text 18.10 and not the number 18.1. A value of
/// another kind is handed on as it is; the service refuses it and says what is allowed.
/// </summary>
internal static class SchemaGuidedReader
{
    public static JsonObject ReadObject(
        YamlMappingNode mapping,
        IReadOnlyList<SchemaProperty> properties,
        string? ignore,
        Func<YamlNode, string, Exception> refuse
    )
    {
        var read = new JsonObject();
        foreach (var (keyNode, valueNode) in mapping.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? "";
            if (key == ignore)
            {
                continue;
            }

            var property =
                properties.FirstOrDefault(candidate => candidate.Name == key)
                ?? throw refuse(
                    keyNode,
                    $"there is no property '{key}'"
                        + NearestName.Suggest(key, properties.Select(candidate => candidate.Name))
                );
            read[key] = Read(valueNode, property.Type, refuse);
        }

        return read;
    }

    private static JsonNode? Read(
        YamlNode node,
        PropertyType? type,
        Func<YamlNode, string, Exception> refuse
    ) =>
        node switch
        {
            YamlMappingNode mapping when type is { Kind: PropertyKind.Object } => ReadObject(
                mapping,
                type.Properties,
                ignore: null,
                refuse
            ),
            YamlMappingNode mapping => new JsonObject(
                mapping.Children.Select(pair =>
                    KeyValuePair.Create(
                        (pair.Key as YamlScalarNode)?.Value ?? "",
                        Read(pair.Value, type?.Element?.Type, refuse)
                    )
                )
            ),
            YamlSequenceNode sequence => new JsonArray([
                .. sequence.Children.Select(item => Read(item, type?.Element?.Type, refuse)),
            ]),
            YamlScalarNode scalar => Scalar(scalar, type),
            _ => throw refuse(node, "this kind of node has no meaning here"),
        };

    // YAML 1.2 core schema for plain scalars; quoted ones are always text.
    private static JsonNode? Scalar(YamlScalarNode scalar, PropertyType? type)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
        {
            return text;
        }

        if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            return null;
        }

        if (type is { Kind: PropertyKind.String })
        {
            return text;
        }

        if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            return text is "true" or "True" or "TRUE";
        }

        var invariant = CultureInfo.InvariantCulture;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var whole) ? whole
            : decimal.TryParse(text, NumberStyles.Float, invariant, out var number) ? number
            : text;
    }
}
