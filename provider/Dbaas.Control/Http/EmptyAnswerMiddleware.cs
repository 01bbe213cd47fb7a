using Dbaas.Control.Problems;

namespace Dbaas.Control.Http;

/// <summary>Gives a problem body to refusals that routing and binding answer without one: 404, 405, 415 and the like.</summary>
internal sealed class EmptyAnswerMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var response = context.Response;
        if (
            response.HasStarted
            || response.StatusCode < 400
            || response.ContentType is not null
            || response.ContentLength > 0
        )
        {
            return;
        }

        var problem = response.StatusCode switch
        {
            404 => new Problem(
                "request.route_unknown",
                404,
                "There is nothing at this path. The API starts at /v1."
            ),
            405 => new Problem(
                "request.method_not_allowed",
                405,
                $"This path takes {response.Headers.Allow}."
            ),
            406 => new Problem("request.not_acceptable", 406, "The API answers application/json."),
            413 => new Problem("request.too_large", 413, "Send at most 1 MiB."),
            415 => new Problem("request.media_type", 415, "Send application/json in UTF-8."),
            var status => new Problem("request.invalid", status, "The request cannot be read."),
        };
        await problem.ToResult().ExecuteAsync(context);
    }
}
