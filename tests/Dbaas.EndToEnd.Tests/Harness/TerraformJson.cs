using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>A Terraform configuration in its JSON syntax, from the names of schema.json.</summary>
internal static class TerraformJson
{
    public const string Address = "dbaas_database_instance.main";

    /// <summary>One instance, or none when there are no inputs.</summary>
    public static JsonObject Configuration(JsonObject inputs)
    {
        var configuration = new JsonObject
        {
            ["terraform"] = new JsonObject
            {
                ["required_providers"] = new JsonObject
                {
                    ["dbaas"] = new JsonObject { ["source"] = "dbaas.internal/dbaas/dbaas" },
                },
            },
            ["provider"] = new JsonObject { ["dbaas"] = new JsonObject() },
        };
        if (inputs.Count > 0)
        {
            configuration["resource"] = new JsonObject
            {
                ["dbaas_database_instance"] = new JsonObject { ["main"] = Attributes(inputs) },
            };
        }

        return configuration;
    }

    /// <summary>Terraform's names for properties; keys of maps are the user's and stay.</summary>
    private static JsonObject Attributes(JsonObject inputs) =>
        new(
            inputs.Select(input =>
                KeyValuePair.Create(
                    JsonNamingPolicy.SnakeCaseLower.ConvertName(input.Key),
                    input.Key == "maintenanceWindow"
                        ? Attributes(input.Value!.AsObject())
                        : Literal(input.Value)
                )
            )
        );

    /// <summary>Texts are templates in this syntax, keys as well; what begins one is doubled to stand for itself.</summary>
    private static JsonNode? Literal(JsonNode? value) =>
        value switch
        {
            JsonObject members => new JsonObject(
                members.Select(member =>
                    KeyValuePair.Create(Literal(member.Key), Literal(member.Value))
                )
            ),
            JsonArray items => new JsonArray([.. items.Select(Literal)]),
            JsonValue text when text.TryGetValue<string>(out var content) => Literal(content),
            _ => value?.DeepClone(),
        };

    private static string Literal(string text) =>
        text.Replace("${", "$${", StringComparison.Ordinal)
            .Replace("%{", "%%{", StringComparison.Ordinal);
}
