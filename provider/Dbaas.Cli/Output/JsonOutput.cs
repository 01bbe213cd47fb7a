using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.Cli.Output;

/// <summary>JSON as the API writes it, indented.</summary>
internal static class JsonOutput
{
    /// <summary>Also used to read and write the API's bodies.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            NumberHandling = JsonNumberHandling.Strict,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // For people and pipes, not for HTML: a plus sign stays one.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions Compact { get; } = new(Options) { WriteIndented = false };

    public static void Write<T>(Terminal terminal, T value) =>
        terminal.Output.WriteLine(JsonSerializer.Serialize(value, Options));
}
