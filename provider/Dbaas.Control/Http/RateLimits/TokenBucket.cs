namespace Dbaas.Control.Http.RateLimits;

/// <summary>Holds up to a burst of tokens and refills steadily. Not thread-safe; its owner locks it.</summary>
internal sealed class TokenBucket(int burst, int perSecond, DateTimeOffset now)
{
    private double _tokens = burst;
    private DateTimeOffset _filledAt = now;

    public int Burst => burst;

    /// <summary>When the bucket was used last.</summary>
    public DateTimeOffset UsedAt => _filledAt;

    /// <summary>One that was taken and turned out not to be due.</summary>
    public void GiveBack() => _tokens = Math.Min(burst, _tokens + 1);

    /// <summary>Takes a token if there is one.</summary>
    /// <returns>Whether there was, how many are left, and how long until there is one again (none left) or the bucket is full.</returns>
    public (bool Taken, int Remaining, TimeSpan Reset) Take(DateTimeOffset at)
    {
        // A clock that went back must not keep it empty until it has caught up.
        if (at < _filledAt)
        {
            _filledAt = at;
        }
        else if (at > _filledAt)
        {
            _tokens = Math.Min(burst, _tokens + (at - _filledAt).TotalSeconds * perSecond);
            _filledAt = at;
        }

        if (_tokens < 1)
        {
            return (false, 0, TimeSpan.FromSeconds((1 - _tokens) / perSecond));
        }

        _tokens--;
        return (true, (int)_tokens, TimeSpan.FromSeconds((burst - _tokens) / perSecond));
    }
}
