using Dbaas.Client;
using Dbaas.Control.Problems;
using Microsoft.Net.Http.Headers;

namespace Dbaas.Control.Http;

/// <summary>Refuses what the API cannot answer or must not guess: foreign media types, headers and query parameters it does not know.</summary>
internal sealed class NegotiationMiddleware(RequestDelegate next)
{
    private static readonly string[] s_answered =
    [
        "application/json",
        "application/problem+json",
        "text/event-stream",
    ];

    /// <summary>Headers that end up in rows and in the audit trail.</summary>
    private static readonly string[] s_kept = [DbaasHeaders.ClientKind, DbaasHeaders.RunId];

    public Task InvokeAsync(HttpContext context)
    {
        // Pages (documentation, health) have no right to name and answer what they like.
        if (context.GetEndpoint() is { } endpoint && context.Request.Path.StartsWithSegments("/v1"))
        {
            var problem =
                RefuseAccept(context)
                ?? RefuseHeaders(context)
                ?? QueryParameters.Of(endpoint).Refuse(context.Request.Query);
            if (problem is not null)
            {
                return problem.ToResult().ExecuteAsync(context);
            }
        }

        return next(context);
    }

    private static Problem? RefuseAccept(HttpContext context)
    {
        var accept = context.Request.Headers.Accept;
        return
            accept.Count == 0
            || (
                MediaTypeHeaderValue.TryParseList(accept, out var wanted)
                && wanted.Any(type =>
                    s_answered.Any(answered =>
                        MediaTypeHeaderValue.Parse(answered).IsSubsetOf(type)
                    )
                )
            )
            ? null
            : new Problem("request.not_acceptable", 406, "The API answers application/json.");
    }

    /// <summary>A header dropped silently would put a change on nobody's account, so it is refused.</summary>
    private static Problem? RefuseHeaders(HttpContext context)
    {
        var bad = Array.Find(
            s_kept,
            name =>
                context.Request.Headers[name].ToString().Length > 0
                && context.ShortHeader(name).Length == 0
        );
        return bad is null
            ? null
            : new Problem(
                "request.header_invalid",
                400,
                $"{bad} is 1 to {HttpContextExtensions.LongestHeader} visible ASCII characters."
            );
    }
}
