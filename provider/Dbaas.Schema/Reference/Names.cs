namespace Dbaas.Schema.Reference;

/// <summary>How a page writes the names of properties and types.</summary>
/// <param name="Property">storageGib as the reader writes it.</param>
/// <param name="Boolean">The word for a truth value.</param>
/// <param name="Secret">The word for a value that must not be seen.</param>
/// <param name="Requires">Whether the reader must give an input.</param>
internal sealed record Names(
    Func<string, string> Property,
    string Boolean,
    string Secret,
    Func<SchemaProperty, bool> Requires
)
{
    /// <summary>As in Terraform's configuration.</summary>
    public static Names Terraform { get; } =
        new(
            TerraformNames.Attribute,
            "bool",
            "sensitive",
            property => property.RequiredInTerraform
        );

    /// <summary>As in schema.json, YAML and TypeScript.</summary>
    public static Names Schema { get; } =
        new(name => name, "boolean", "secret", property => property.Required);
}
