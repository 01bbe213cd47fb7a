namespace Dbaas.Schema.DotNet;

/// <summary>Writes what all classes of the SDK share: environment, version, the attribute that ties a class to its type.</summary>
internal static class UtilitiesSource
{
    public static SdkFile File(PackageSchema package, DotNetNames names)
    {
        var text = CSharpText.File(names.Namespace, "System", "System.Globalization", "System.IO");
        var download = package.Metadata.PluginDownloadUrl is { } url
            ? $"\n        options.PluginDownloadURL ??= \"{url}\";"
            : "";
        text.Lines(
            $$"""
            internal static class Utilities
            {
                private static readonly string[] trueValues = { "1", "t", "T", "true", "TRUE", "True" };
                private static readonly string[] falseValues = { "0", "f", "F", "false", "FALSE", "False" };

                /// <summary>Version of this package, which is the version of the plugin it asks for.</summary>
                public static string Version { get; } = ReadVersion();

                /// <summary>The first of the variables that is set, else null.</summary>
                public static string? GetEnv(params string[] names)
                {
                    foreach (var name in names)
                    {
                        if (Environment.GetEnvironmentVariable(name) is { } value)
                        {
                            return value;
                        }
                    }

                    return null;
                }

                public static bool? GetEnvBoolean(params string[] names)
                {
                    var text = GetEnv(names);
                    return Array.IndexOf(trueValues, text) >= 0 ? true
                        : Array.IndexOf(falseValues, text) >= 0 ? false
                        : null;
                }

                public static int? GetEnvInt32(params string[] names) =>
                    int.TryParse(GetEnv(names), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

                public static double? GetEnvDouble(params string[] names) =>
                    double.TryParse(GetEnv(names), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

                public static global::Pulumi.InvokeOptions WithDefaults(this global::Pulumi.InvokeOptions? given)
                {
                    var options = given ?? new global::Pulumi.InvokeOptions();
                    options.Version ??= Version;{{download}}
                    return options;
                }

                public static global::Pulumi.InvokeOutputOptions WithDefaults(this global::Pulumi.InvokeOutputOptions? given)
                {
                    var options = given ?? new global::Pulumi.InvokeOutputOptions();
                    options.Version ??= Version;{{download}}
                    return options;
                }

                private static string ReadVersion()
                {
                    using var stream = typeof(Utilities).Assembly.GetManifestResourceStream("{{names.Namespace}}.version.txt")
                        ?? throw new NotSupportedException("version.txt is not embedded in this build.");
                    using var reader = new StreamReader(stream);
                    // One line, the version; or two, the plugin's name before it.
                    var lines = reader.ReadToEnd().Trim().Split('\n');
                    return lines[lines.Length - 1].Trim();
                }
            }

            internal sealed class {{names.Package}}ResourceTypeAttribute : global::Pulumi.ResourceTypeAttribute
            {
                public {{names.Package}}ResourceTypeAttribute(string type)
                    : base(type, Utilities.Version)
                {
                }
            }
            """
        );
        return new SdkFile("Utilities.cs", text.ToString());
    }
}
