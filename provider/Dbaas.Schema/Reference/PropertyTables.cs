using System.Globalization;
using System.Text;

namespace Dbaas.Schema.Reference;

/// <summary>What the pages of all tools have in common: head, tables of properties, nested types.</summary>
internal static class PropertyTables
{
    public static StringBuilder Start(string title, string description) =>
        new StringBuilder()
            .Append(
                "<!-- Generated from schema.json by provider/Dbaas.Schema.Generator. Do not edit. -->\n\n"
            )
            .Append(CultureInfo.InvariantCulture, $"# {title}\n\n{description}\n\n");

    public static void Table(
        StringBuilder text,
        Names names,
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
        Rows(text, names, properties, inputs);
    }

    private static void Rows(
        StringBuilder text,
        Names names,
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
                $"| `{names.Property(property.Name)}` | {TypeOf(names, property)} | "
            );
            if (inputs)
            {
                var standard =
                    property.Default is { } value ? $"`{value.ToJsonString()}`"
                    : property.Computed ? "chosen by the platform"
                    : "";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{(names.Requires(property) ? "yes" : "no")} | {standard} | "
                );
            }

            text.Append(Meaning(property)).Append(" |\n");
        }

        text.Append('\n');
    }

    public static void Nested(
        StringBuilder text,
        Names names,
        IEnumerable<SchemaProperty> properties
    )
    {
        var types = properties
            .Select(property => property.Type.Element?.Type ?? property.Type)
            .Where(type => type is { Kind: PropertyKind.Object, Name: not null })
            .DistinctBy(type => type.Name);
        foreach (var type in types)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {type.Name}\n\n");
            Rows(text, names, type.Properties, inputs: false);
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

    private static string TypeOf(Names names, SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.String => property.Secret ? $"string, {names.Secret}" : "string",
            PropertyKind.Boolean => names.Boolean,
            PropertyKind.Array =>
                $"{(property.IsSet ? "set" : "list")} of {TypeOf(names, property.Type.Element!)}",
            PropertyKind.Map => $"map of {TypeOf(names, property.Type.Element!)}",
            PropertyKind.Object => property.Type.Name ?? "object",
            _ => property.Unit is null ? "number" : $"number ({property.Unit})",
        };
}
