using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Value = Dbaas.Provider.Translation.Value;
using WireValue = Google.Protobuf.WellKnownTypes.Value;

namespace Dbaas.Provider.Pulumi.Values;

/// <summary>Reads the protocol's values. A reference to a resource becomes its id, an output its value; secrets stay marked.</summary>
internal static class StructReader
{
    // Names with two underscores in front are the engine's and the SDKs' own, and no properties.
    private const string InternalPrefix = "__";

    /// <summary>An object's members; an absent one has none.</summary>
    public static Value.Map Read(Struct? properties) =>
        Value.Object(
            properties
                ?.Fields.Where(field =>
                    !field.Key.StartsWith(InternalPrefix, StringComparison.Ordinal)
                )
                .Select(field => KeyValuePair.Create(field.Key, Read(field.Value)))
                ?? []
        );

    private static Value Read(WireValue value) =>
        value.KindCase switch
        {
            WireValue.KindOneofCase.BoolValue => new Value.Bool(value.BoolValue),
            WireValue.KindOneofCase.NumberValue => Number(value.NumberValue),
            WireValue.KindOneofCase.StringValue => Signatures.IsUnknown(value.StringValue)
                ? Value.Unknown.Plain
                : new Value.Text(value.StringValue),
            WireValue.KindOneofCase.ListValue => new Value.List([
                .. value.ListValue.Values.Select(Read),
            ]),
            WireValue.KindOneofCase.StructValue => Object(value.StructValue),
            _ => Value.Null,
        };

    private static Value Number(double number)
    {
        try
        {
            return double.IsFinite(number)
                ? new Value.Number(number.ToString("R", CultureInfo.InvariantCulture))
                : new Value.Foreign("a number without end");
        }
        catch (FormatException)
        {
            return new Value.Foreign("a number of this size");
        }
    }

    private static Value Object(Struct fields) =>
        Text(fields, Signatures.Key) switch
        {
            null => Value.Object(
                fields.Fields.Select(field => KeyValuePair.Create(field.Key, Read(field.Value)))
            ),
            Signatures.Secret => Secret(Member(fields, "value")),
            Signatures.Output => Output(fields),
            Signatures.Resource => Reference(fields),
            Signatures.Asset => new Value.Foreign("an asset"),
            Signatures.Archive => new Value.Foreign("an archive"),
            Signatures.Bytes => new Value.Foreign("a string that is no text"),
            _ => new Value.Foreign("an object of a kind this version does not know"),
        };

    private static Value Secret(Value content) =>
        content is Value.Secret ? content : new Value.Secret(content);

    private static Value Output(Struct fields)
    {
        var content = fields.Fields.TryGetValue("value", out var value)
            ? Read(value)
            : Value.Unknown.Plain;
        var isSecret =
            fields.Fields.TryGetValue("secret", out var secret)
            && secret.KindCase == WireValue.KindOneofCase.BoolValue
            && secret.BoolValue;
        return isSecret ? Secret(content) : content;
    }

    private static Value Reference(Struct fields) =>
        !fields.Fields.ContainsKey("id") ? Member(fields, "urn")
        : Member(fields, "id") is Value.Text { Content.Length: > 0 } id ? id
        : Value.Unknown.Plain;

    private static Value Member(Struct fields, string name) =>
        fields.Fields.TryGetValue(name, out var value) ? Read(value) : Value.Null;

    private static string? Text(Struct fields, string name) =>
        fields.Fields.TryGetValue(name, out var value)
        && value.KindCase == WireValue.KindOneofCase.StringValue
            ? value.StringValue
            : null;
}
