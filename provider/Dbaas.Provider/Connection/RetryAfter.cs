using System.Net.Http.Headers;

namespace Dbaas.Provider.Connection;

/// <summary>How long an answer asks to wait (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The delay; null when none is asked for.</summary>
    /// <param name="headers">Of the answer. A date is compared with the answer's own, so that a clock that is wrong on either side does no harm.</param>
    /// <param name="now">In case the answer has no date.</param>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var asked = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - (headers.Date ?? now),
            _ => (TimeSpan?)null,
        };
        return asked is { } wait
            ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, Longest.Ticks))
            : null;
    }
}
