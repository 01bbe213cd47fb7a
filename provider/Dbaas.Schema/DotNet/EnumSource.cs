namespace Dbaas.Schema.DotNet;

/// <summary>Writes enumerations as structures around their text: a value of a newer platform can still be read.</summary>
internal static class EnumSource
{
    public static SdkFile File(DotNetNames names, NamedTypes types)
    {
        var text = CSharpText.File(names.Namespace, "System", "System.ComponentModel");
        for (var i = 0; i < types.Enums.Count; i++)
        {
            if (i > 0)
            {
                text.Line();
            }

            Write(text, types.Enums[i]);
        }

        return new SdkFile("Enums.cs", text.ToString());
    }

    private static void Write(CSharpText text, PropertyType type)
    {
        var name = type.Name!;
        text.Summary(type.Description);
        text.Line("[EnumType]");
        text.Open($"public readonly struct {name} : IEquatable<{name}>");
        text.Lines(
            $$"""
            private readonly string _value;

            private {{name}}(string value)
            {
                _value = value ?? throw new ArgumentNullException(nameof(value));
            }

            """
        );
        foreach (var value in type.Enum)
        {
            text.Summary(value.Description);
            text.Line(
                $"public static {name} {value.Name} {{ get; }} = new {name}(\"{value.Value}\");"
            );
        }

        text.Lines(
            $$"""

            public static bool operator ==({{name}} left, {{name}} right) => left.Equals(right);

            public static bool operator !=({{name}} left, {{name}} right) => !left.Equals(right);

            public static explicit operator string({{name}} value) => value._value;

            [EditorBrowsable(EditorBrowsableState.Never)]
            public override bool Equals(object? obj) => obj is {{name}} other && Equals(other);

            public bool Equals({{name}} other) => string.Equals(_value, other._value, StringComparison.Ordinal);

            [EditorBrowsable(EditorBrowsableState.Never)]
            public override int GetHashCode() => _value?.GetHashCode() ?? 0;

            public override string ToString() => _value;
            """
        );
        text.Close();
    }
}
