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
        var text = PropertyTables.Start("Terraform provider", package.Description);
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
        PropertyTables.Table(text, Names.Terraform, "Settings", package.Settings, inputs: true);
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
        var text = PropertyTables.Start(name, resource.Description);
        Code(
            text,
            HclExample.Block($"resource \"{name}\" \"example\"", resource.Inputs, resource.Example)
        );
        PropertyTables.Table(text, Names.Terraform, "Arguments", resource.Inputs, inputs: true);
        text.Append(
            "`timeouts` (`create`, `update`, `delete`, for example `\"45m\"`; default 30m) bounds how long an apply waits. The work goes on when the wait ends, and the next apply takes it up.\n\n"
        );
        PropertyTables.Table(text, Names.Terraform, "Attributes", resource.Outputs, inputs: false);
        text.Append(
            CultureInfo.InvariantCulture,
            $"`id`: given by the platform, `{resource.IdPrefix}_…`; it never changes.\n\n"
        );
        PropertyTables.Nested(text, Names.Terraform, [.. resource.Inputs, .. resource.Outputs]);
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
        var text = PropertyTables.Start(name, function.Description);
        Code(
            text,
            HclExample.Block(
                $"{(function.Ephemeral ? "ephemeral" : "data")} \"{name}\" \"example\"",
                function.Inputs,
                function.Example
            )
        );
        PropertyTables.Table(text, Names.Terraform, "Arguments", function.Inputs, inputs: true);
        PropertyTables.Table(text, Names.Terraform, "Attributes", function.Outputs, inputs: false);
        PropertyTables.Nested(text, Names.Terraform, function.Outputs);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Code(StringBuilder text, string hcl) =>
        text.Append("```terraform\n").Append(hcl.ReplaceLineEndings("\n")).Append("```\n\n");
}
