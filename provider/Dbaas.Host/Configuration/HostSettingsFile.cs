using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.Host.Configuration;

/// <summary>Reads <c>config/host-REGION.json</c>.</summary>
internal static class HostSettingsFile
{
    /// <exception cref="InvalidDataException">The file is no valid configuration; the message says what to write instead.</exception>
    public static HostSettings Read(string path)
    {
        try
        {
            var options =
                JsonSerializer.Deserialize(
                    File.ReadAllText(path),
                    HostSettingsJson.Default.HostSettings
                ) ?? throw new InvalidDataException($"{path} is empty.");
            options.Check();
            return options;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    WriteIndented = true
)]
[JsonSerializable(typeof(HostSettings))]
internal sealed partial class HostSettingsJson : JsonSerializerContext;
