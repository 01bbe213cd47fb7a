using System.Globalization;
using Dbaas.Client;
using Dbaas.Client.Operations;
using Dbaas.Control.Audit;
using Microsoft.AspNetCore.Http.Metadata;

namespace Dbaas.Control.Problems;

/// <summary>Writes a <see cref="Problem"/> as application/problem+json (RFC 9457).</summary>
internal sealed class ProblemResult(Problem problem)
    : IResult,
        IStatusCodeHttpResult,
        IContentTypeHttpResult,
        IEndpointMetadataProvider
{
    public const string MediaType = "application/problem+json";

    public Problem Problem { get; } = problem;

    public int? StatusCode => Problem.Status;

    public string ContentType => MediaType;

    public static void PopulateMetadata(
        System.Reflection.MethodInfo method,
        EndpointBuilder builder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new ProducesProblemMetadata());
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (httpContext.RequestServices.GetService<RefusalTrail>() is { } trail)
        {
            await trail.WriteAsync(httpContext, Problem);
        }

        var response = httpContext.Response;
        response.StatusCode = Problem.Status;
        if (Problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        }

        if (Problem.ETag is { } current)
        {
            response.Headers.ETag = current;
        }

        response.Headers.CacheControl = "no-store";
        var requestId = response.Headers[DbaasHeaders.RequestId].ToString();
        var body = Problem.ToBody(httpContext.Request.Path.Value, requestId);
        await response.WriteAsJsonAsync(
            body,
            ProblemJson.Default.ProblemBody,
            MediaType,
            httpContext.RequestAborted
        );
    }

    /// <summary>Says in the OpenAPI document that any refusal is a problem.</summary>
    private sealed class ProducesProblemMetadata : IProducesResponseTypeMetadata
    {
        public Type? Type => typeof(ProblemBody);

        public int StatusCode => 0;

        public IEnumerable<string> ContentTypes => [MediaType];
    }
}
