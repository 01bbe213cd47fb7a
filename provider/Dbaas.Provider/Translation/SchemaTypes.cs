using Dbaas.Schema;

namespace Dbaas.Provider.Translation;

/// <summary>Derives value types from the schema.</summary>
internal static class SchemaTypes
{
    public static ValueShape Of(SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.String => ValueShape.Text,
            PropertyKind.Boolean => ValueShape.Bool,
            PropertyKind.Integer or PropertyKind.Number => ValueShape.Number,
            PropertyKind.Array => new ValueShape.List(Of(property.Type.Element!), property.IsSet),
            PropertyKind.Map => new ValueShape.Map(Of(property.Type.Element!)),
            PropertyKind.Object => OfAll(property.Type.Properties),
            _ => throw new InvalidOperationException($"No value type for {property.Type.Kind}."),
        };

    public static ValueShape.Object OfAll(IEnumerable<SchemaProperty> properties)
    {
        var attributes = new SortedDictionary<string, ValueShape>(StringComparer.Ordinal);
        foreach (var property in properties)
        {
            attributes[TerraformNames.Attribute(property.Name)] = Of(property);
        }

        return new ValueShape.Object(attributes);
    }
}
