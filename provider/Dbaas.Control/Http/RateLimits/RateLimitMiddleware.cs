using System.Globalization;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Http.RateLimits;

/// <summary>
/// Answers carry RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset (seconds until the bucket is full); refusals Retry-After.
/// </summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimitBuckets limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/v1"))
        {
            return next(context);
        }

        var taken =
            context.Features.Get<RateLimitTaken>()
            ?? (
                context.Features.Get<KnownPrincipal>() is { } known
                    ? limits.Take(known.Principal)
                    : limits.TakeAsStranger(context.Connection.RemoteIpAddress)
            );
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = taken.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = taken.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = Math.Ceiling(taken.Reset.TotalSeconds)
            .ToString(CultureInfo.InvariantCulture);
        return taken.Allowed
            ? next(context)
            : new Problem(
                "request.rate_limited",
                429,
                "Too many requests with this key. Wait as long as Retry-After says."
            )
            {
                RetryAfter = taken.Reset,
            }
                .ToResult()
                .ExecuteAsync(context);
    }
}
