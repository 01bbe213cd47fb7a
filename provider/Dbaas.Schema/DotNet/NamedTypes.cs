namespace Dbaas.Schema.DotNet;

/// <summary>The named types of a package by where they are used: each use has a class of its own in C#.</summary>
/// <param name="Enums">Enumerations.</param>
/// <param name="Inputs">Objects in inputs of resources, or of functions called with outputs.</param>
/// <param name="PlainInputs">Objects in inputs of functions called with plain values.</param>
/// <param name="Outputs">Objects in what is read back.</param>
internal sealed record NamedTypes(
    IReadOnlyList<PropertyType> Enums,
    IReadOnlyList<PropertyType> Inputs,
    IReadOnlyList<PropertyType> PlainInputs,
    IReadOnlyList<PropertyType> Outputs
)
{
    public static NamedTypes Of(PackageSchema package)
    {
        var arguments = package.Functions.SelectMany(function => function.Inputs).ToList();
        var inputs = Reached([
            .. package.Settings,
            .. package.Resources.SelectMany(resource => resource.Inputs),
            .. arguments,
        ]);
        var outputs = Reached([
            .. package.Resources.SelectMany(resource => resource.Properties),
            .. package.Functions.SelectMany(function => function.Outputs),
        ]);
        return new NamedTypes(
            [.. Distinct(inputs.Concat(outputs)).Where(type => type.Enum.Count > 0)],
            Objects(inputs),
            Objects(Reached(arguments)),
            Objects(outputs)
        );
    }

    private static List<PropertyType> Objects(IEnumerable<PropertyType> types) =>
        [.. Distinct(types).Where(type => type.Kind == PropertyKind.Object)];

    private static IEnumerable<PropertyType> Distinct(IEnumerable<PropertyType> types) =>
        types
            .Where(type => type.Name is not null)
            .DistinctBy(type => type.Name)
            .OrderBy(type => type.Name, StringComparer.Ordinal);

    private static List<PropertyType> Reached(IEnumerable<SchemaProperty> properties) =>
        [.. properties.SelectMany(property => Reached(property.Type))];

    private static IEnumerable<PropertyType> Reached(PropertyType type) =>
        [
            type,
            .. type.Element is { } element ? Reached(element.Type) : [],
            .. type.Properties.SelectMany(property => Reached(property.Type)),
        ];
}
