using System.Globalization;
using System.Text;
using Dbaas.Schema.DotNet;

namespace Dbaas.Schema.Reference;

/// <summary>The reference of the Pulumi package, derived from schema.json. A test compares it with what is checked in.</summary>
public static class PulumiReference
{
    /// <summary>All pages: the package, then each resource and function.</summary>
    public static IEnumerable<ReferencePage> Pages(PackageSchema package) =>
        [
            new("pulumi/index.md", Package(package)),
            .. package.Resources.Select(resource => new ReferencePage(
                $"pulumi/{resource.Name}.md",
                Resource(package, resource)
            )),
            .. package.Functions.Select(function => new ReferencePage(
                $"pulumi/{function.Name}.md",
                Function(package, function)
            )),
        ];

    private static string Package(PackageSchema package)
    {
        var text = PropertyTables.Start("Pulumi package", package.Description);
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            Plugin `pulumi-resource-{package.Name}`, C# package `Pulumi.{DotNetNames.Pascal(
                package.Name
            )}` (sdk/dotnet). Programs in YAML need no package; for TypeScript, Python,
            Go and Java `pulumi package add {package.Name}` generates one from the schema that the plugin serves. Names below are those of the schema
            and of YAML and TypeScript; C# writes `StorageGib`, Python `storage_gib`.

            Each setting comes from the stack's configuration (`pulumi config set {package.Name}:endpoint …`) or an explicit provider, else from its
            environment variable, else from the profile that `make up` writes.


            """
        );
        PropertyTables.Table(text, Names.Schema, "Settings", package.Settings, inputs: true);
        text.Append("## Contents\n\n");
        foreach (var resource in package.Resources)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"- Resource [{resource.Name}]({resource.Name}.md)\n"
            );
        }

        foreach (var function in package.Functions)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"- Function [{function.Name}]({function.Name}.md)\n"
            );
        }

        return text.ToString();
    }

    private static string Resource(PackageSchema package, ResourceSchema resource)
    {
        var text = PropertyTables.Start(resource.Name, resource.Description);
        Examples(
            text,
            CSharpExample.Resource(resource),
            YamlExample.Resource(package, resource),
            TypeScriptExample.Resource(package, resource),
            PythonExample.Resource(package, resource)
        );
        PropertyTables.Table(text, Names.Schema, "Inputs", resource.Inputs, inputs: true);
        PropertyTables.Table(text, Names.Schema, "Outputs", resource.Outputs, inputs: false);
        text.Append(
            CultureInfo.InvariantCulture,
            $"`id`: given by the platform, `{resource.IdPrefix}_…`; it never changes. Every input can be read back as an output as well.\n\n"
        );
        PropertyTables.Nested(text, Names.Schema, [.. resource.Inputs, .. resource.Outputs]);
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            ## Options

            `customTimeouts` (`create`, `update`, `delete`) bounds how long `pulumi up` waits; the work goes on when the wait ends, and the next `up` takes
            it up. No property ever replaces the resource, so `deleteBeforeReplace` and `replaceOnChanges` have nothing to act on.

            ## Import

            By id or by name:

            ```sh
            pulumi import {package.Name}:index:{resource.Name} example orders
            ```

            """
        );
        return text.ToString();
    }

    private static string Function(PackageSchema package, FunctionSchema function)
    {
        var text = PropertyTables.Start(function.Name, function.Description);
        if (function.Ephemeral)
        {
            text.Append(
                "The result holds secrets. Pulumi keeps them encrypted wherever a program hands them on to; to leave them out of the state, fetch them where they are used (`dbaas credentials NAME`).\n\n"
            );
        }

        Examples(
            text,
            CSharpExample.Function(function),
            YamlExample.Function(package, function),
            TypeScriptExample.Function(package, function),
            PythonExample.Function(package, function)
        );
        PropertyTables.Table(text, Names.Schema, "Inputs", function.Inputs, inputs: true);
        PropertyTables.Table(text, Names.Schema, "Outputs", function.Outputs, inputs: false);
        PropertyTables.Nested(text, Names.Schema, function.Outputs);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Examples(
        StringBuilder text,
        string csharp,
        string yaml,
        string typeScript,
        string python
    ) =>
        text.Append("## Example\n\n")
            .Append(CultureInfo.InvariantCulture, $"C#\n\n```csharp\n{csharp}```\n\n")
            .Append(CultureInfo.InvariantCulture, $"YAML\n\n```yaml\n{yaml}```\n\n")
            .Append(
                CultureInfo.InvariantCulture,
                $"TypeScript\n\n```typescript\n{typeScript}```\n\n"
            )
            .Append(CultureInfo.InvariantCulture, $"Python\n\n```python\n{python}```\n\n");
}
