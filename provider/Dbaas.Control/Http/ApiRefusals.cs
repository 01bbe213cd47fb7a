using System.Globalization;
using Dbaas.Client.Operations;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dbaas.Control.Http;

/// <summary>
/// Says in the OpenAPI document which refusals a route can answer. They follow from what the pipeline does with it: who may call, whether
/// it takes a body, changes something, honours If-Match or waits for an operation. Nothing has to be remembered for a new route.
/// </summary>
internal static class ApiRefusals
{
    /// <summary>What the framework writes for <see cref="ProblemResult"/>, whose status is known only when it answers.</summary>
    private const string Unknown = "0";

    /// <summary>Each status with the sentence that describes it.</summary>
    private static readonly Dictionary<int, string> s_meanings = new()
    {
        [400] = "Malformed: a header, a query parameter or the body cannot be read.",
        [401] = "No valid key or token.",
        [403] = "The right is missing.",
        [404] = "Not there, or not this tenant's.",
        [406] = "Only JSON is answered.",
        [408] = "The body came too slowly.",
        [409] = "In conflict with what is there or with another request.",
        [412] = "If-Match names another version than the one that is there.",
        [413] = "The body is larger than 1 MiB.",
        [414] = "Path and query have more than 8192 characters.",
        [415] = "The body is not uncompressed JSON.",
        [422] = "Well-formed, but a value is not possible; errors names each.",
        [429] = "Too many requests; Retry-After says how long to wait.",
        [500] = "A fault of the service or of the engine.",
        [503] = "A part of the platform does not answer; Retry-After says when to repeat.",
        [504] = "The operation that was waited for took too long.",
    };

    /// <summary>Headers that come with a status.</summary>
    private static readonly Dictionary<int, string> s_headers = new()
    {
        [401] = "WWW-Authenticate",
        [429] = "Retry-After",
    };

    public static void Describe(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context
    )
    {
        operation.Responses ??= [];
        operation.Responses.Remove(Unknown);
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var method = context.Description.HttpMethod ?? "";
        foreach (var status in StatusesOf(context.Description.RelativePath, method, metadata))
        {
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = Refusal(
                status,
                context
            );
        }
    }

    private static OpenApiResponse Refusal(int status, OpenApiOperationTransformerContext context)
    {
        var response = new OpenApiResponse
        {
            Description = s_meanings[status],
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemResult.MediaType] = new()
                {
                    Schema = new OpenApiSchemaReference(nameof(ProblemBody), context.Document),
                },
            },
        };
        if (s_headers.TryGetValue(status, out var header))
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                [header] = new OpenApiHeader
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            };
        }

        return response;
    }

    /// <summary>The refusals of a route, by what it is. Outside of /v1 there is neither limit nor negotiation.</summary>
    private static IEnumerable<int> StatusesOf(
        string? path,
        string method,
        IList<object> metadata
    ) =>
        path?.StartsWith("v1/", StringComparison.Ordinal) == true
            ? s_meanings.Keys.Where(status => Answers(status, method, metadata))
            : [];

    private static bool Answers(int status, string method, IList<object> metadata) =>
        status switch
        {
            // 404 also without an id in the path: the tenant named in Dbaas-Tenant may be none of the caller's.
            401 or 403 or 404 => metadata.OfType<IAuthorizeData>().Any(),
            409 => !HttpMethods.IsGet(method),
            412 => Takes<EntityTag>(metadata),
            408 or 413 or 415 => metadata.OfType<IAcceptsMetadata>().Any(),
            // Who waits for an operation is answered with what the operation failed of.
            422 => metadata.OfType<IAcceptsMetadata>().Any() || Takes<Preference>(metadata),
            504 => Takes<Preference>(metadata),
            _ => true,
        };

    internal static bool Takes<T>(IList<object> metadata) =>
        metadata
            .OfType<IParameterBindingMetadata>()
            .Any(parameter => parameter.ParameterInfo.ParameterType == typeof(T));
}
