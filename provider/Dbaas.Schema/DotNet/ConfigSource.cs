namespace Dbaas.Schema.DotNet;

/// <summary>Writes the class that reads the package's settings from the stack's configuration.</summary>
internal static class ConfigSource
{
    public static SdkFile File(PackageSchema package, DotNetNames names)
    {
        var text = CSharpText.File(names.Namespace, "System", "System.Collections.Immutable");
        text.Summary($"Settings of the stack below `{package.Name}:`.");
        text.Open("public static class Config");
        text.Lines(
            $$"""
            private sealed class __Value<T>
            {
                private readonly Func<T> _read;
                private T _value = default!;
                private bool _set;

                public __Value(Func<T> read)
                {
                    _read = read;
                }

                public T Get() => _set ? _value : _read();

                public void Set(T value)
                {
                    _value = value;
                    _set = true;
                }
            }

            private static readonly global::Pulumi.Config __config = new global::Pulumi.Config("{{package.Name}}");
            """
        );
        foreach (var setting in package.Configuration.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            text.Line();
            Write(text, names, setting);
        }

        text.Close();
        return new SdkFile("Config/Config.cs", text.ToString());
    }

    private static void Write(CSharpText text, DotNetNames names, SchemaProperty setting)
    {
        var name = DotNetNames.Pascal(setting.Name);
        var type = names.Read(setting.Type, required: false);
        var getter = setting.Type.Kind switch
        {
            PropertyKind.String when setting.Type.Enum.Count == 0 => "Get",
            PropertyKind.Boolean => "GetBoolean",
            PropertyKind.Integer => "GetInt32",
            PropertyKind.Number => "GetDouble",
            _ => throw new InvalidDataException(
                $"schema.json: the setting '{setting.Name}' is no plain string, number or truth value."
            ),
        };
        var fallback =
            setting.SdkEnvironment.Count == 0
                ? ""
                : $" ?? {DotNetNames.EnvironmentReader(setting)}";
        if (setting.SdkDefault is { } value)
        {
            fallback += $" ?? {value.ToJsonString()}";
        }

        text.Line(
            $"private static readonly __Value<{type}> _{setting.Name} = new __Value<{type}>(() => __config.{getter}(\"{setting.Name}\"){fallback});"
        );
        text.Line();
        text.Summary(setting.Description);
        text.Open($"public static {type} {name}");
        text.Line($"get => _{setting.Name}.Get();");
        text.Line($"set => _{setting.Name}.Set(value);");
        text.Close();
    }
}
