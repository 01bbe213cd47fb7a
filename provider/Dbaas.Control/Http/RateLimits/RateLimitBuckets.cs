using System.Collections.Concurrent;
using System.Net;
using Dbaas.Control.Ids;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Http.RateLimits;

/// <summary>
/// One bucket a principal, one an address for requests without a valid key. Each process counts for itself: with several silos a key gets
/// that many times as much, which bounds abuse just as well and needs no shared state. Thread-safe.
/// </summary>
internal sealed class RateLimitBuckets(IOptions<RateLimitOptions> options, TimeProvider time)
{
    private const int MaximumBuckets = 20_000;

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(
        StringComparer.Ordinal
    );

    public RateLimitTaken Take(PrincipalId principal) =>
        Take(principal.ToString(), options.Value.Burst, options.Value.PerSecond);

    public RateLimitTaken TakeAsStranger(IPAddress? address) =>
        Take(Stranger(address), options.Value.StrangerBurst, options.Value.StrangerPerSecond);

    /// <summary>The stranger was none.</summary>
    public void GiveBack(IPAddress? address)
    {
        if (_buckets.TryGetValue(Stranger(address), out var bucket))
        {
            lock (bucket)
            {
                bucket.GiveBack();
            }
        }
    }

    private RateLimitTaken Take(string name, int burst, int perSecond)
    {
        var now = time.GetUtcNow();
        if (_buckets.Count >= MaximumBuckets)
        {
            Forget(now);
        }

        var bucket = _buckets.GetOrAdd(name, _ => new TokenBucket(burst, perSecond, now));
        lock (bucket)
        {
            var (taken, remaining, reset) = bucket.Take(now);
            return new RateLimitTaken(taken, burst, remaining, reset);
        }
    }

    private static string Stranger(IPAddress? address) => "ip:" + address;

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
