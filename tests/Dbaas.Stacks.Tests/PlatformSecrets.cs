using System.Text.Json;
using Dbaas.Stacks.Settings;

namespace Dbaas.Stacks.Tests;

/// <summary>Secrets of a platform as stacks/new-secrets draws them, with values that are easy to look for.</summary>
internal static class PlatformSecrets
{
    public const string Mark = "s3cr3t-";

    public static string[] Keys { get; } =
    ["pki", "enrolmentTokens", "metadataPasswords", "kmsCredentials"];

    public static Dictionary<string, object> All(params string[] regions) =>
        new()
        {
            ["pki"] = Json(ControlFile.PkiFiles),
            ["enrolmentTokens"] = Json(regions),
            ["metadataPasswords"] = Json(["owner", "app", "platform"]),
            ["kmsCredentials"] = Json(["accessKeyId", "secretAccessKey"]),
        };

    private static string Json(IEnumerable<string> names) =>
        JsonSerializer.Serialize(names.ToDictionary(name => name, name => Mark + name));
}
