using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.Control.Ids;

/// <summary>Typed ids are JSON strings.</summary>
internal sealed class TypedIdJsonConverter<T> : JsonConverter<T>
    where T : struct, ITypedId<T>
{
    public override T Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) =>
        reader.TokenType == JsonTokenType.String && TypedId.TryParse(reader.GetString(), out T id)
            ? id
            : throw new JsonException($"Expected an id that starts with {T.Prefix}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(TypedId.Format(value));
}
