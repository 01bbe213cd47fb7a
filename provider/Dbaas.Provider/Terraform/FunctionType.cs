using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>A function of schema.json as Terraform knows it: a data source, or an ephemeral resource when its answer is secret.</summary>
internal sealed class FunctionType
{
    public FunctionType(PackageSchema package, FunctionSchema schema)
    {
        Schema = schema;
        Name = TerraformNames.Function(package, schema);
        var inputs = schema.Inputs.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        Outputs = [.. schema.Outputs.Where(output => !inputs.Contains(output.Name))];
        Type = SchemaTypes.OfAll([.. schema.Inputs, .. Outputs]);
    }

    public FunctionSchema Schema { get; }
    public string Name { get; }
    public ValueShape.Object Type { get; }

    /// <summary>What only the answer holds.</summary>
    public IReadOnlyList<SchemaProperty> Outputs { get; }
}
