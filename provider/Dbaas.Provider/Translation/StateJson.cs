using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Provider.Translation;

/// <summary>
/// Reads the JSON in which Terraform stores state. State of an older version may lack attributes and hold others: what is missing
/// becomes null and is filled by the next read, what is gone is dropped.
/// </summary>
internal static class StateJson
{
    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="InvalidDataException">A value has another type than the schema says.</exception>
    public static Value Read(ValueType type, ReadOnlySpan<byte> json) => Read(type, JsonNode.Parse(json));

    private static Value Read(ValueType type, JsonNode? node) =>
        (type, node) switch
        {
            (_, null) => Value.Null,
            (ValueType.List list, JsonArray items) => new Value.List(
                [.. items.Select(item => Read(list.Element, item))]
            ),
            (ValueType.Map map, JsonObject members) => Value.Object(
                members.Select(member => KeyValuePair.Create(member.Key, Read(map.Element, member.Value)))
            ),
            (ValueType.Object @object, JsonObject members) => Value.Object(
                @object.Attributes.Select(attribute =>
                    KeyValuePair.Create(attribute.Key, Read(attribute.Value, members[attribute.Key]))
                )
            ),
            (ValueType.Primitive, JsonValue scalar) => Scalar(type, scalar),
            _ => throw new InvalidDataException("The stored state does not fit this provider's schema."),
        };

    private static Value Scalar(ValueType type, JsonValue scalar) =>
        (scalar.GetValueKind(), type) switch
        {
            (JsonValueKind.True, _) when type == ValueType.Bool => new Value.Bool(true),
            (JsonValueKind.False, _) when type == ValueType.Bool => new Value.Bool(false),
            (JsonValueKind.Number, _) when type == ValueType.Number => new Value.Number(scalar.ToJsonString()),
            (JsonValueKind.String, _) when type == ValueType.Number => new Value.Number(scalar.GetValue<string>()),
            (JsonValueKind.String, _) when type == ValueType.Text => new Value.Text(scalar.GetValue<string>()),
            _ => throw new InvalidDataException("The stored state does not fit this provider's schema."),
        };
}
