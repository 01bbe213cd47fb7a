using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Provider.Translation;

/// <summary>
/// Reads the JSON in which Terraform stores state. State of an older version may lack attributes and hold others: what is missing
/// becomes null and is filled by the next read, what is gone is dropped.
/// </summary>
internal static class StateJson
{
    /// <summary>Of two members of one name nobody can say which is meant.</summary>
    private static readonly JsonDocumentOptions s_strict = new()
    {
        AllowDuplicateProperties = false,
    };

    /// <exception cref="JsonException">Not JSON, or a name twice.</exception>
    /// <exception cref="InvalidDataException">A value has another type than the schema says.</exception>
    public static Value Read(ValueShape type, ReadOnlySpan<byte> json) =>
        Read(type, JsonNode.Parse(json, documentOptions: s_strict));

    private static Value Read(ValueShape type, JsonNode? node) =>
        (type, node) switch
        {
            (_, null) => Value.Null,
            (ValueShape.List list, JsonArray items) => new Value.List([
                .. items.Select(item => Read(list.Element, item)),
            ]),
            (ValueShape.Map map, JsonObject members) => Value.Object(
                members.Select(member =>
                    KeyValuePair.Create(member.Key, Read(map.Element, member.Value))
                )
            ),
            (ValueShape.Object @object, JsonObject members) => Value.Object(
                @object.Attributes.Select(attribute =>
                    KeyValuePair.Create(
                        attribute.Key,
                        Read(attribute.Value, members[attribute.Key])
                    )
                )
            ),
            (ValueShape.Primitive, JsonValue scalar) => Scalar(type, scalar),
            _ => throw new InvalidDataException(
                "The stored state does not fit this provider's schema."
            ),
        };

    private static Value Scalar(ValueShape type, JsonValue scalar) =>
        (scalar.GetValueKind(), type) switch
        {
            (JsonValueKind.True, _) when type == ValueShape.Bool => new Value.Bool(true),
            (JsonValueKind.False, _) when type == ValueShape.Bool => new Value.Bool(false),
            (JsonValueKind.Number, _) when type == ValueShape.Number => new Value.Number(
                scalar.ToJsonString()
            ),
            (JsonValueKind.String, _)
                when type == ValueShape.Number
                    && double.TryParse(
                        scalar.GetValue<string>(),
                        NumberStyles.Float,
                        CultureInfo.InvariantCulture,
                        out _
                    ) => new Value.Number(scalar.GetValue<string>()),
            (JsonValueKind.String, _) when type == ValueShape.Text => new Value.Text(
                scalar.GetValue<string>()
            ),
            _ => throw new InvalidDataException(
                "The stored state does not fit this provider's schema."
            ),
        };
}
