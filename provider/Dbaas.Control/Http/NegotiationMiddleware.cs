using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Dbaas.Control.Http;

/// <summary>Refuses what the API cannot answer or must not guess: foreign media types and query parameters it does not know.</summary>
internal sealed class NegotiationMiddleware(RequestDelegate next)
{
    private static readonly string[] s_answered =
    [
        "application/json",
        "application/problem+json",
        "text/event-stream",
    ];

    public Task InvokeAsync(HttpContext context)
    {
        // Pages (documentation, health) have no right to name and answer what they like.
        if (context.GetEndpoint() is { } endpoint && context.Request.Path.StartsWithSegments("/v1"))
        {
            if (Refuse(context, endpoint) is { } problem)
            {
                return problem.ToResult().ExecuteAsync(context);
            }
        }

        return next(context);
    }

    private static Problem? Refuse(HttpContext context, Endpoint endpoint)
    {
        var accept = context.Request.Headers.Accept;
        if (accept.Count > 0)
        {
            if (
                !MediaTypeHeaderValue.TryParseList(accept, out var wanted)
                || !wanted.Any(type =>
                    s_answered.Any(answered =>
                        MediaTypeHeaderValue.Parse(answered).IsSubsetOf(type)
                    )
                )
            )
            {
                return new Problem(
                    "request.not_acceptable",
                    406,
                    "The API answers application/json."
                );
            }
        }

        var known = endpoint
            .Metadata.OfType<IParameterBindingMetadata>()
            .Select(parameter => parameter.Name)
            .ToArray();
        foreach (var key in context.Request.Query.Keys)
        {
            if (!known.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                return new Problem(
                    "request.query_unknown",
                    400,
                    $"There is no query parameter '{Printable.Of(key)}' here."
                );
            }
        }

        return null;
    }
}
