using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Client.Instances;
using Dbaas.Schema;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dbaas.Control.Http;

/// <summary>Writes into the OpenAPI document what schema.json says of an instance's inputs: ranges, patterns, enumerations, bounds.</summary>
internal static class ApiSchemas
{
    private static readonly Dictionary<string, SchemaProperty> s_inputs = PackageSchema
        .Embedded.Resources.Single(resource => resource.Name == "DatabaseInstance")
        .Inputs.ToDictionary(input => input.Name);

    public static Task WriteAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is null && type == typeof(InstanceInputs))
        {
            Write(schema, s_inputs);
        }
        else if (context.JsonPropertyInfo is null && type == typeof(MaintenanceWindow))
        {
            Write(
                schema,
                s_inputs["maintenanceWindow"].Type.Properties.ToDictionary(part => part.Name)
            );
        }

        return Task.CompletedTask;
    }

    private static void Write(OpenApiSchema schema, Dictionary<string, SchemaProperty> known)
    {
        foreach (
            var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>()
        )
        {
            if (member is OpenApiSchema property && known.TryGetValue(name, out var source))
            {
                Write(property, source);
            }
        }
    }

    private static void Write(OpenApiSchema property, SchemaProperty source)
    {
        property.Pattern = source.Pattern;
        property.Minimum = Text(source.Minimum);
        property.Maximum = Text(source.Maximum);
        if (source.Type.Enum.Count > 0)
        {
            property.Enum =
            [
                .. source.Type.Enum.Select(value => (JsonNode)JsonValue.Create(value.Value)),
                // The list counts for every type the member may have, and null means the default.
                .. property.Type?.HasFlag(JsonSchemaType.Null) == true
                    ? (JsonNode[])[JsonNullSentinel.JsonNull]
                    : [],
            ];
        }

        if (source.Type.Kind == PropertyKind.Array)
        {
            property.MaxItems = source.MaximumItems;
            if (property.Items is OpenApiSchema items)
            {
                items.Pattern = source.Type.Element!.Pattern;
            }
        }
        else
        {
            property.MaxProperties = source.MaximumItems;
        }
    }

    private static string? Text(decimal? bound) => bound?.ToString(CultureInfo.InvariantCulture);
}
