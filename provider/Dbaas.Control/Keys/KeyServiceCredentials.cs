using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace Dbaas.Control.Keys;

/// <summary>The file with which the control service signs its calls to key services.</summary>
internal sealed partial record KeyServiceCredentials(string AccessKeyId, string SecretAccessKey)
{
    /// <exception cref="InvalidOperationException">Missing, readable by others, or not {accessKeyId, secretAccessKey}.</exception>
    public static BasicAWSCredentials Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"kmsCredentialsFile: {path} does not exist.");
        }

        const UnixFileMode others =
            UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & others) != 0)
        {
            throw new InvalidOperationException(
                $"kmsCredentialsFile: {path} can be read by others; give it mode 0600."
            );
        }

        var read =
            JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.KeyServiceCredentials)
            ?? throw new InvalidOperationException(
                $"kmsCredentialsFile: {path} must hold accessKeyId and secretAccessKey."
            );
        return new BasicAWSCredentials(read.AccessKeyId, read.SecretAccessKey);
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => AccessKeyId;

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(KeyServiceCredentials))]
    private sealed partial class Json : JsonSerializerContext;
}
