using System.Globalization;
using System.Text;

namespace Dbaas.Schema.Reference;

/// <summary>The reference of the Terraform provider, derived from schema.json. A test compares it with what is checked in.</summary>
public static class TerraformReference
{
    /// <summary>All pages: the provider, then each resource and function.</summary>
    public static IEnumerable<ReferencePage> Pages(PackageSchema package) =>
        [
            new("terraform/index.md", Provider(package)),
            .. package.Resources.Select(resource => new ReferencePage(
                $"terraform/{TerraformNames.Resource(package, resource)}.md",
                Resource(package, resource)
            )),
            .. package.Functions.Select(function => new ReferencePage(
                $"terraform/{(function.Ephemeral ? "ephemeral" : "data")}-{TerraformNames.Function(package, function)}.md",
                Function(package, function)
            )),
        ];

    private static string Provider(PackageSchema package)
    {
        var text = Start("Terraform provider", package.Description);
        Code(
            text,
            $$"""
            terraform {
              required_providers {
                {{package.Name}} = {
                  source = "{{package.Name}}.internal/{{package.Name}}/{{package.Name}}"
                }
              }
            }

            provider "{{package.Name}}" {}

            """
        );
        text.Append(
            "Each setting comes from the configuration, else from its environment variable, else from the profile that `make up` writes.\n\n"
        );
        Table(text, "Settings", package.Settings, inputs: true);
        text.Append("## Contents\n\n");
        foreach (var resource in package.Resources)
        {
            var name = TerraformNames.Resource(package, resource);
            text.Append(CultureInfo.InvariantCulture, $"- Resource [{name}]({name}.md)\n");
        }

        foreach (var function in package.Functions)
        {
            var name = TerraformNames.Function(package, function);
            var kind = function.Ephemeral ? "Ephemeral resource" : "Data source";
            text.Append(
                CultureInfo.InvariantCulture,
                $"- {kind} [{name}]({(function.Ephemeral ? "ephemeral" : "data")}-{name}.md)\n"
            );
        }

        return text.ToString();
    }

    private static string Resource(PackageSchema package, ResourceSchema resource)
    {
        var name = TerraformNames.Resource(package, resource);
        var text = Start(name, resource.Description);
        Code(
            text,
            HclExample.Block($"resource \"{name}\" \"example\"", resource.Inputs, resource.Example)
        );
        Table(text, "Arguments", resource.Inputs, inputs: true);
        text.Append(
            "`timeouts` (`create`, `update`, `delete`, for example `\"45m\"`; default 30m) bounds how long an apply waits. The work goes on when the wait ends, and the next apply takes it up.\n\n"
        );
        Table(text, "Attributes", resource.Outputs, inputs: false);
        text.Append(
            CultureInfo.InvariantCulture,
            $"`id`: given by the platform, `{resource.IdPrefix}_…`; it never changes.\n\n"
        );
        Nested(text, [.. resource.Inputs, .. resource.Outputs]);
        text.Append("## Import\n\nBy id or by name:\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"```sh\nterraform import {name}.example orders\n```\n"
        );
        return text.ToString();
    }

    private static string Function(PackageSchema package, FunctionSchema function)
    {
        var name = TerraformNames.Function(package, function);
        var text = Start(name, function.Description);
        Code(
            text,
            HclExample.Block(
                $"{(function.Ephemeral ? "ephemeral" : "data")} \"{name}\" \"example\"",
                function.Inputs,
                function.Example
            )
        );
        Table(text, "Arguments", function.Inputs, inputs: true);
        Table(text, "Attributes", function.Outputs, inputs: false);
        Nested(text, function.Outputs);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static StringBuilder Start(string title, string description) =>
        new StringBuilder()
            .Append(
                "<!-- Generated from schema.json by provider/Dbaas.Schema.Generator. Do not edit. -->\n\n"
            )
            .Append(CultureInfo.InvariantCulture, $"# {title}\n\n{description}\n\n");

    private static void Code(StringBuilder text, string hcl) =>
        text.Append("```terraform\n").Append(hcl.ReplaceLineEndings("\n")).Append("```\n\n");

    private static void Table(
        StringBuilder text,
        string title,
        IReadOnlyList<SchemaProperty> properties,
        bool inputs
    )
    {
        if (properties.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n");
        Rows(text, properties, inputs);
    }

    private static void Rows(
        StringBuilder text,
        IReadOnlyList<SchemaProperty> properties,
        bool inputs
    )
    {
        text.Append(
            inputs
                ? "| name | type | required | default | meaning |\n|---|---|---|---|---|\n"
                : "| name | type | meaning |\n|---|---|---|\n"
        );
        foreach (var property in properties)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{TerraformNames.Attribute(property.Name)}` | {TypeOf(property)} | "
            );
            if (inputs)
            {
                var standard =
                    property.Default is { } value ? $"`{value.ToJsonString()}`"
                    : property.Computed ? "chosen by the platform"
                    : "";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{(property.Required ? "yes" : "no")} | {standard} | "
                );
            }

            text.Append(Meaning(property)).Append(" |\n");
        }

        text.Append('\n');
    }

    private static void Nested(StringBuilder text, IEnumerable<SchemaProperty> properties)
    {
        var types = properties
            .Select(property => property.Type.Element?.Type ?? property.Type)
            .Where(type => type is { Kind: PropertyKind.Object, Name: not null })
            .DistinctBy(type => type.Name);
        foreach (var type in types)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {type.Name}\n\n");
            Rows(text, type.Properties, inputs: false);
        }
    }

    private static string Meaning(SchemaProperty property)
    {
        var meaning = new StringBuilder(
            property
                .Description.ReplaceLineEndings(" ")
                .Replace("|", "\\|", StringComparison.Ordinal)
        );
        if (property.Type.Enum.Count > 0)
        {
            meaning
                .Append(" One of: ")
                .AppendJoin(", ", property.Type.Enum.Select(value => $"`{value.Value}`"))
                .Append('.');
        }

        if (property.Immutable is not null)
        {
            meaning.Append(" Cannot be changed: ").Append(property.Immutable);
        }

        if (property.Environment.Count > 0)
        {
            meaning
                .Append(" Environment: ")
                .AppendJoin(", ", property.Environment.Select(variable => $"`{variable}`"))
                .Append('.');
        }

        return meaning.ToString();
    }

    private static string TypeOf(SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.String => property.Secret ? "string, sensitive" : "string",
            PropertyKind.Boolean => "bool",
            PropertyKind.Array =>
                $"{(property.IsSet ? "set" : "list")} of {TypeOf(property.Type.Element!)}",
            PropertyKind.Map => $"map of {TypeOf(property.Type.Element!)}",
            PropertyKind.Object => property.Type.Name ?? "object",
            _ => property.Unit is null ? "number" : $"number ({property.Unit})",
        };
}
