using Dbaas.Schema;

namespace Dbaas.Provider.Translation;

/// <summary>Derives value types from the schema.</summary>
internal static class SchemaTypes
{
    public static ValueType Of(SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.String => ValueType.Text,
            PropertyKind.Boolean => ValueType.Bool,
            PropertyKind.Integer or PropertyKind.Number => ValueType.Number,
            PropertyKind.Array => new ValueType.List(Of(property.Type.Element!), property.IsSet),
            PropertyKind.Map => new ValueType.Map(Of(property.Type.Element!)),
            PropertyKind.Object => OfAll(property.Type.Properties),
            _ => throw new InvalidOperationException($"No value type for {property.Type.Kind}."),
        };

    public static ValueType.Object OfAll(IEnumerable<SchemaProperty> properties)
    {
        var attributes = new SortedDictionary<string, ValueType>(StringComparer.Ordinal);
        foreach (var property in properties)
        {
            attributes[TerraformNames.Attribute(property.Name)] = Of(property);
        }

        return new ValueType.Object(attributes);
    }
}
