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
                        : input.Value?.DeepClone()
                )
            )
        );
}
