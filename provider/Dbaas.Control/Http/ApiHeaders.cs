using Dbaas.Client;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dbaas.Control.Http;

/// <summary>
/// Says in the OpenAPI document which headers a route reads. They are bound by types of ours or by the pipeline, so the framework does not
/// see them.
/// </summary>
internal static class ApiHeaders
{
    public static void Describe(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<IAuthorizeData>().Any())
        {
            return;
        }

        operation.Parameters ??= [];
        operation.Parameters.Add(
            Header(DbaasHeaders.Tenant, "Names the tenant when the key belongs to several.")
        );
        if (!HttpMethods.IsGet(context.Description.HttpMethod ?? ""))
        {
            operation.Parameters.Add(
                Header(
                    DbaasHeaders.IdempotencyKey,
                    "1 to 255 visible ASCII characters; the first answer is replayed for 24 hours."
                )
            );
        }

        if (ApiRefusals.Takes<EntityTag>(metadata))
        {
            operation.Parameters.Add(
                Header("If-Match", "The ETag the change was decided on; another one answers 412.")
            );
        }

        if (ApiRefusals.Takes<Preference>(metadata))
        {
            operation.Parameters.Add(
                Header(
                    "Prefer",
                    "wait=N answers when the change has ended, after at most N (0 to 60) seconds; respond-async at once."
                )
            );
        }
    }

    private static OpenApiParameter Header(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
