using System.Globalization;

namespace Dbaas.Schema.DotNet;

/// <summary>Writes a resource's class and the class of its inputs.</summary>
internal static class ResourceSource
{
    public static SdkFile File(PackageSchema package, DotNetNames names, ResourceSchema resource)
    {
        var text = CSharpText.File(names.Namespace, "System.Collections.Immutable");
        var name = resource.Name;
        var args = $"{name}Args";
        text.Summary(resource.Description);
        text.Line($"[{names.Package}ResourceType(\"{names.Token(name)}\")]");
        text.Open($"public partial class {name} : global::Pulumi.CustomResource");
        foreach (var property in resource.Properties.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            text.Summary(property.Description);
            text.Line($"[Output(\"{property.Name}\")]");
            text.Line(
                $"public Output<{names.Read(property.Type, property.Required)}> {DotNetNames.Pascal(property.Name)} {{ get; private set; }} = null!;"
            );
            text.Line();
        }

        var optional = !resource.Inputs.Any(input => input.Required);
        Constructors(text, names, name, optional ? $"{args}? args = null" : $"{args} args");
        text.Line();
        Options(text, package, resource.Properties);
        text.Line();
        Get(text, name);
        text.Close();
        text.Line();
        new ArgumentsSource(names).Write(text, args, ArgumentsSource.Resource, resource.Inputs);
        return new SdkFile($"{name}.cs", text.ToString());
    }

    /// <summary>Options every resource of the package starts from; what the program gives is merged over them.</summary>
    public static void Options(
        CSharpText text,
        PackageSchema package,
        IEnumerable<SchemaProperty> properties
    )
    {
        text.Open(
            "private static CustomResourceOptions MakeResourceOptions(CustomResourceOptions? options, Input<string>? id)"
        );
        text.Open("var defaultOptions = new CustomResourceOptions");
        text.Line("Version = Utilities.Version,");
        if (package.Metadata.PluginDownloadUrl is { } url)
        {
            text.Line(
                string.Create(CultureInfo.InvariantCulture, $"PluginDownloadURL = \"{url}\",")
            );
        }

        var secrets = properties
            .Where(property => property.Secret)
            .Select(property => property.Name)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (secrets.Count > 0)
        {
            text.Open("AdditionalSecretOutputs =");
            foreach (var secret in secrets)
            {
                text.Line($"\"{secret}\",");
            }

            text.Close(",");
        }

        text.Close(";");
        text.Line("var merged = CustomResourceOptions.Merge(defaultOptions, options);");
        text.Line(
            "// An id that was asked for wins over one in the options, as in the SDKs of other languages."
        );
        text.Line("merged.Id = id ?? merged.Id;");
        text.Line("return merged;");
        text.Close();
    }

    private static void Constructors(
        CSharpText text,
        DotNetNames names,
        string name,
        string arguments
    )
    {
        var token = names.Token(name);
        text.Lines(
            $$"""
            /// <summary>Declares a {{name}}.</summary>
            /// <param name="name">Name of the resource within the program; it becomes a part of its URN.</param>
            /// <param name="args">What to declare.</param>
            /// <param name="options">How Pulumi treats the resource: parent, provider, protection and the like.</param>
            public {{name}}(string name, {{arguments}}, CustomResourceOptions? options = null)
                : base("{{token}}", name, args ?? new {{name}}Args(), MakeResourceOptions(options, ""))
            {
            }

            private {{name}}(string name, Input<string> id, CustomResourceOptions? options = null)
                : base("{{token}}", name, null, MakeResourceOptions(options, id))
            {
            }
            """
        );
    }

    private static void Get(CSharpText text, string name) =>
        text.Lines(
            $$"""
            /// <summary>Reads a {{name}} that exists, without taking it under the program's care.</summary>
            /// <param name="name">Name of the resource within the program.</param>
            /// <param name="id">Id the platform gave it.</param>
            /// <param name="options">How Pulumi treats the resource.</param>
            public static {{name}} Get(string name, Input<string> id, CustomResourceOptions? options = null)
            {
                return new {{name}}(name, id, options);
            }
            """
        );
}
