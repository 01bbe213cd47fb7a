using Dbaas.Control.Http.RateLimits;

namespace Dbaas.Control.Tests.Http;

public sealed class TokenBucketTests
{
    [Fact]
    public void Given_a_burst_when_it_is_used_up_then_the_next_waits_for_a_token()
    {
        var now = DateTimeOffset.UnixEpoch;
        var bucket = new TokenBucket(3, 2, now);
        for (var i = 2; i >= 0; i--)
        {
            Assert.Equal(
                (true, i),
                (bucket.Take(now) is var (taken, left, _) ? (taken, left) : default)
            );
        }

        var (refused, _, wait) = bucket.Take(now);
        Assert.False(refused);
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);
        Assert.True(bucket.Take(now + wait).Taken);
        Assert.False(bucket.Take(now + wait).Taken);
    }

    [Fact]
    public void Given_a_clock_that_steps_back_then_no_token_appears_or_vanishes()
    {
        var now = DateTimeOffset.UnixEpoch;
        var bucket = new TokenBucket(1, 1, now);
        Assert.True(bucket.Take(now).Taken);
        Assert.False(bucket.Take(now - TimeSpan.FromHours(1)).Taken);
        Assert.True(bucket.Take(now + TimeSpan.FromSeconds(1)).Taken);
    }

    [Fact]
    public void Given_a_clock_that_stays_back_then_the_bucket_fills_by_that_clock()
    {
        var now = DateTimeOffset.UnixEpoch.AddHours(2);
        var bucket = new TokenBucket(1, 1, now);
        Assert.True(bucket.Take(now).Taken);
        var back = now - TimeSpan.FromHours(1);
        Assert.False(bucket.Take(back).Taken);
        Assert.True(bucket.Take(back + TimeSpan.FromSeconds(1)).Taken);
    }
}
