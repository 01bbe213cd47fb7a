using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Dbaas.Control.Http;

/// <summary>The OpenAPI 3.1 document at /openapi/v1.json (checked in as docs/openapi.json) and a page to browse it at /docs.</summary>
internal static class ApiDocument
{
    public static IServiceCollection AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        document.Info = new OpenApiInfo
                        {
                            Title = "DBaaS control service",
                            Version = "1",
                            Description =
                                "Strict JSON: unknown and duplicate members are refused, numbers are not read from strings. Refusals are RFC 9457 problems with a stable code. Changes take Idempotency-Key and Prefer: wait=N or respond-async.",
                        };
                        document.Servers = [];
                        document.Components ??= new OpenApiComponents();
                        document.Components.SecuritySchemes = new Dictionary<
                            string,
                            IOpenApiSecurityScheme
                        >
                        {
                            ["apiKey"] = new OpenApiSecurityScheme
                            {
                                Type = SecuritySchemeType.Http,
                                Scheme = "bearer",
                                Description = "An API key, dbk_…",
                            },
                        };
                        return Task.CompletedTask;
                    }
                );
                options.AddOperationTransformer(
                    (operation, context, _) =>
                    {
                        var rights = context
                            .Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>()
                            .Select(data => data.Policy)
                            .ToArray();
                        if (rights.Length > 0)
                        {
                            operation.Description =
                                $"{operation.Description} Needs the right {string.Join(", ", rights)}.".Trim();
                            operation.Security =
                            [
                                new OpenApiSecurityRequirement
                                {
                                    [
                                        new OpenApiSecuritySchemeReference(
                                            "apiKey",
                                            context.Document
                                        )
                                    ] = [],
                                },
                            ];
                        }

                        // A refusal may have any status; the framework writes that as 0, the specification wants "default".
                        if (operation.Responses?.Remove("0", out var refusal) == true)
                        {
                            operation.Responses["default"] = refusal;
                        }

                        return Task.CompletedTask;
                    }
                );
            }
        );

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/docs", options => options.WithTitle("DBaaS control service"))
            .AllowAnonymous();
    }
}
