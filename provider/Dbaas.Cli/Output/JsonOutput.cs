using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dbaas.Cli.Output;

/// <summary>JSON as the API writes it, indented.</summary>
internal static class JsonOutput
{
    /// <summary>Also used to read and write the API's bodies.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(CliJson.Default.Options)
        {
            WriteIndented = true,
            // For people and pipes, not for HTML: a plus sign stays one.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions Compact { get; } = new(Options) { WriteIndented = false };

    /// <summary>How a type is read and written. Every type of the API has one in <see cref="CliJson"/>.</summary>
    public static JsonTypeInfo<T> Contract<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    public static void Write<T>(Terminal terminal, T value) =>
        terminal.Output.WriteLine(JsonSerializer.Serialize(value, Contract<T>()));
}
