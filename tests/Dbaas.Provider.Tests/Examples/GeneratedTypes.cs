using System.Text;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Examples;

/// <summary>
/// What a TypeScript program sees of the package that <c>pulumi package add</c> generates: names and types of the arguments and the outputs,
/// from the same schema. Enough to tell whether an example fits it.
/// </summary>
internal static class GeneratedTypes
{
    public static string Of(PackageSchema package)
    {
        var text = new StringBuilder("import * as pulumi from \"@pulumi/pulumi\";\n");
        foreach (
            var type in package
                .Resources.SelectMany(resource => resource.Inputs)
                .SelectMany(input => input.Type.Properties.Append(input))
                .Select(property => property.Type)
                .Where(type => type.Enum.Count > 0)
                .DistinctBy(type => type.Name)
        )
        {
            var members = type.Enum.Select(value => $"readonly {value.Name}: \"{value.Value}\";");
            text.Append($"export declare const {type.Name}: {{ {string.Join(' ', members)} }};\n")
                .Append(
                    $"export type {type.Name} = (typeof {type.Name})[keyof typeof {type.Name}];\n"
                );
        }

        foreach (var resource in package.Resources)
        {
            text.Append($"export interface {resource.Name}Args {Members(resource.Inputs)}\n")
                .Append($"export declare class {resource.Name} extends pulumi.CustomResource {{\n")
                .Append(
                    $"constructor(name: string, args: {resource.Name}Args, opts?: pulumi.CustomResourceOptions);\n"
                );
            foreach (var output in resource.Inputs.Concat(resource.Outputs))
            {
                text.Append($"readonly {output.Name}: pulumi.Output<{Name(output)}>;\n");
            }

            text.Append("}\n");
        }

        return text.ToString();
    }

    private static string Members(IEnumerable<SchemaProperty> properties) =>
        $"{{ {string.Join(' ', properties.Select(property => $"{property.Name}{(property.Required ? "" : "?")}: pulumi.Input<{Name(property)}>;"))} }}";

    private static string Name(SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.Boolean => "boolean",
            PropertyKind.Integer or PropertyKind.Number => "number",
            PropertyKind.Array => $"pulumi.Input<{Name(property.Type.Element!)}>[]",
            PropertyKind.Map =>
                $"{{ [key: string]: pulumi.Input<{Name(property.Type.Element!)}> }}",
            PropertyKind.Object => Members(property.Type.Properties),
            _ when property.Type.Enum.Count > 0 && property.Type.Name is { } name => name,
            _ => "string",
        };
}
