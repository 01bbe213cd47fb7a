using System.Collections.Concurrent;
using System.Globalization;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Http.RateLimits;

/// <summary>
/// One bucket a principal, one an address for requests without a valid key. Answers carry RateLimit-Limit, RateLimit-Remaining and
/// RateLimit-Reset (seconds until the bucket is full); refusals Retry-After. Each process counts for itself: with several silos a key
/// gets that many times as much, which bounds abuse just as well and needs no shared state.
/// </summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next,
    IOptions<RateLimitOptions> options,
    TimeProvider time
)
{
    private const int MaximumBuckets = 20_000;

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(
        StringComparer.Ordinal
    );

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/v1"))
        {
            return next(context);
        }

        var now = time.GetUtcNow();
        var bucket = BucketOf(context, now);
        bool taken;
        int remaining;
        TimeSpan reset;
        lock (bucket)
        {
            (taken, remaining, reset) = bucket.Take(now);
        }

        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = bucket.Burst.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = Math.Ceiling(reset.TotalSeconds)
            .ToString(CultureInfo.InvariantCulture);
        return taken
            ? next(context)
            : new Problem(
                "request.rate_limited",
                429,
                "Too many requests with this key. Wait as long as Retry-After says."
            )
            {
                RetryAfter = reset,
            }
                .ToResult()
                .ExecuteAsync(context);
    }

    private TokenBucket BucketOf(HttpContext context, DateTimeOffset now)
    {
        var limits = options.Value;
        if (_buckets.Count >= MaximumBuckets)
        {
            Forget(now);
        }

        return context.Features.Get<Caller>() is { } caller
            ? _buckets.GetOrAdd(
                caller.Principal.ToString(),
                _ => new TokenBucket(limits.Burst, limits.PerSecond, now)
            )
            : _buckets.GetOrAdd(
                "ip:" + context.Connection.RemoteIpAddress,
                _ => new TokenBucket(limits.StrangerBurst, limits.StrangerPerSecond, now)
            );
    }

    /// <summary>Buckets that have been left alone for a minute are full again, so nothing is lost with them.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (now - bucket.UsedAt > TimeSpan.FromMinutes(1))
            {
                _buckets.TryRemove(key, out _);
            }
        }
    }
}
