using System.Globalization;
using Dbaas.Control.Http.Paging;
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
                options.AddSchemaTransformer(ApiSchemas.WriteAsync);
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

                        foreach (
                            var limit in (operation.Parameters ?? [])
                                .Where(parameter => parameter.Name == "limit")
                                .OfType<OpenApiParameter>()
                        )
                        {
                            limit.Description = "Rows a page; 50 unless asked.";
                            if (limit.Schema is OpenApiSchema rows)
                            {
                                rows.Minimum = "1";
                                rows.Maximum = ICursors.LargestPage.ToString(
                                    CultureInfo.InvariantCulture
                                );
                            }
                        }

                        ApiRefusals.Describe(operation, context);
                        ApiHeaders.Describe(operation, context);
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
