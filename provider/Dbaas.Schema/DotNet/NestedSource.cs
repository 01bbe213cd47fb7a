namespace Dbaas.Schema.DotNet;

/// <summary>Writes the classes of objects inside inputs and outputs.</summary>
internal static class NestedSource
{
    public static SdkFile Input(DotNetNames names, PropertyType type) =>
        Arguments(names, type, type.Name + "Args", ArgumentsSource.Resource);

    public static SdkFile PlainInput(DotNetNames names, PropertyType type) =>
        Arguments(names, type, type.Name!, ArgumentsSource.PlainInvoke);

    public static SdkFile Output(DotNetNames names, PropertyType type)
    {
        var text = CSharpText.File($"{names.Namespace}.Outputs", "System.Collections.Immutable");
        Read(text, names, type.Name!, type.Properties, type.Description);
        return new SdkFile($"Outputs/{type.Name}.cs", text.ToString());
    }

    /// <summary>A class of values that were read. The runtime fills it through its constructor, by the parameters' names.</summary>
    public static void Read(
        CSharpText text,
        DotNetNames names,
        string name,
        IEnumerable<SchemaProperty> properties,
        string description = ""
    )
    {
        var sorted = properties.OrderBy(property => property.Name, StringComparer.Ordinal).ToList();
        text.Summary(description);
        text.Line("[OutputType]");
        text.Open($"public sealed class {name}");
        foreach (var property in sorted)
        {
            text.Summary(property.Description);
            text.Line(
                $"public readonly {names.Read(property.Type, property.Required)} {DotNetNames.Pascal(property.Name)};"
            );
            text.Line();
        }

        text.Line("[OutputConstructor]");
        text.Line($"private {name}(");
        for (var i = 0; i < sorted.Count; i++)
        {
            var property = sorted[i];
            text.Line(
                $"    {names.Read(property.Type, property.Required)} {DotNetNames.Parameter(property.Name)}{(i == sorted.Count - 1 ? ")" : ",")}"
            );
        }

        text.Open();
        foreach (var property in sorted)
        {
            text.Line(
                $"{DotNetNames.Pascal(property.Name)} = {DotNetNames.Parameter(property.Name)};"
            );
        }

        text.Close();
        text.Close();
    }

    private static SdkFile Arguments(
        DotNetNames names,
        PropertyType type,
        string name,
        ArgumentsSource.Shape shape
    )
    {
        var text = CSharpText.File(
            $"{names.Namespace}.Inputs",
            "System.Collections.Generic",
            "System.Collections.Immutable"
        );
        new ArgumentsSource(names).Write(text, name, shape, type.Properties, type.Description);
        return new SdkFile($"Inputs/{name}.cs", text.ToString());
    }
}
