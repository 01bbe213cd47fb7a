using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>A resource of schema.json as Terraform knows it: its inputs, outputs, <c>id</c> and <c>timeouts</c>.</summary>
internal sealed class ResourceType
{
    public const string Id = "id";

    public ResourceType(PackageSchema package, ResourceSchema schema)
    {
        Schema = schema;
        Name = TerraformNames.Resource(package, schema);
        Properties = [.. schema.Inputs, .. schema.Outputs];
        Type = SchemaTypes.OfAll(Properties);
        Type.Attributes[Id] = ValueShape.Text;
        Type.Attributes[Timeouts.Attribute] = Timeouts.Type;
    }

    public ResourceSchema Schema { get; }

    /// <summary>Terraform's type name, e.g. dbaas_database_instance.</summary>
    public string Name { get; }
    public ValueShape.Object Type { get; }

    /// <summary>Inputs, then outputs.</summary>
    public IReadOnlyList<SchemaProperty> Properties { get; }
}
