using System.Text.Json.Nodes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>Special values as Pulumi's own SDK writes them.</summary>
internal static class PulumiValues
{
    public const string Signature = "4dabf18193072939515e22adb298388d";
    public const string Unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    private const string SecretSignature = "1b47061264138c4ac30d75fd1eb44270";

    public static readonly string[] Unknowns =
    [
        Unknown,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ];

    public static JsonObject Secret(JsonNode? value) =>
        new() { [Signature] = SecretSignature, ["value"] = value };

    public static JsonObject Asset() =>
        new()
        {
            [Signature] = "c44067f5952c0a294b673a41bacd8c17",
            ["hash"] = "00",
            ["text"] = "x",
        };

    public static JsonObject Archive() =>
        new()
        {
            [Signature] = "0def7320c3a5731c473e5ecbe6d01bc7",
            ["hash"] = "00",
            ["path"] = "x",
        };

    public static JsonObject Reference(string urn, string? id) =>
        id is null
            ? new() { [Signature] = "5cf8f73096256a8f31e491e813e4eb8e", ["urn"] = urn }
            : new()
            {
                [Signature] = "5cf8f73096256a8f31e491e813e4eb8e",
                ["urn"] = urn,
                ["id"] = id,
            };

    public static JsonObject Output(JsonNode? value, bool secret) =>
        new()
        {
            [Signature] = "d0e6a833031e9bbcd3f4e8bde6ca49a4",
            ["value"] = value,
            ["secret"] = secret,
            ["dependencies"] = new JsonArray(),
        };

    public static bool IsSecret(JsonNode? value) =>
        value is JsonObject marked && (string?)marked[Signature] == SecretSignature;

    /// <summary>The value with every secret's content taken out: what may be seen by anybody.</summary>
    public static JsonNode? Visible(JsonNode? value) =>
        value switch
        {
            _ when IsSecret(value) => "[secret]",
            JsonObject members => new JsonObject(
                members.Select(member => KeyValuePair.Create(member.Key, Visible(member.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Visible)]),
            _ => value?.DeepClone(),
        };
}
