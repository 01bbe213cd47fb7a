namespace Dbaas.Schema;

/// <summary>The type of a property, with references to named types already followed.</summary>
public sealed record PropertyType
{
    public required PropertyKind Kind { get; init; }

    /// <summary>Name of the type in schema.json without package and module, e.g. Weekday; null for a type written in place.</summary>
    public string? Name { get; init; }

    /// <summary>Markdown of the named type; empty for a type written in place.</summary>
    public string Description { get; init; } = "";

    /// <summary>Items of an array, values of a map; null otherwise.</summary>
    public SchemaProperty? Element { get; init; }

    /// <summary>Members of an object, in the order of schema.json; empty otherwise.</summary>
    public IReadOnlyList<SchemaProperty> Properties { get; init; } = [];

    /// <summary>Allowed values of a string; empty when any string is allowed.</summary>
    public IReadOnlyList<EnumValue> Enum { get; init; } = [];

    /// <summary>Whether the value is neither array, map nor object.</summary>
    public bool IsScalar =>
        Kind
            is PropertyKind.String
                or PropertyKind.Integer
                or PropertyKind.Number
                or PropertyKind.Boolean;
}
