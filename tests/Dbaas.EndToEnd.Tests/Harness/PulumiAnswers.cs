using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Pulumi;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>What must hold of every answer of a provider of Pulumi's.</summary>
internal static class PulumiAnswers
{
    /// <summary>What the preview knew is what came.</summary>
    public static void Agree(JsonObject preview, JsonObject result)
    {
        foreach (var (name, value) in preview)
        {
            Assert.True(
                IsUnknown(value) || JsonNode.DeepEquals(value, result[name]),
                $"The preview of {name} said {value?.ToJsonString()}; it became {result[name]?.ToJsonString()}."
            );
        }
    }

    /// <summary>An input that is secret as a whole is so in the answer; one with secrets in it has as many there.</summary>
    public static void KeepSecrets(JsonObject inputs, JsonObject answer)
    {
        var shown = (answer["properties"] ?? answer["inputs"])!;
        foreach (var (name, value) in inputs)
        {
            Assert.True(
                Marks(shown[name]) >= Marks(value)
                    && (!PulumiValues.IsSecret(value) || PulumiValues.IsSecret(shown[name])),
                $"{name} went in as {value?.ToJsonString()} and came back as {shown[name]?.ToJsonString()}."
            );
        }
    }

    private static int Marks(JsonNode? value) =>
        value switch
        {
            _ when PulumiValues.IsSecret(value) => 1,
            JsonObject members => members.Sum(member => Marks(member.Value)),
            JsonArray items => items.Sum(Marks),
            _ => 0,
        };

    private static bool IsUnknown(JsonNode? value) =>
        value is JsonValue text
        && text.TryGetValue<string>(out var content)
        && content == PulumiValues.Unknown;
}
