using System.Net;

namespace Dbaas.Provider.Connection;

/// <summary>Comes back when the service says that it was asked too often (429), and ends attempts that hang.</summary>
/// <param name="attemptTimeout">After which an attempt counts as lost.</param>
/// <param name="time">The clock.</param>
internal sealed class ThrottleHandler(TimeSpan attemptTimeout, TimeProvider time)
    : DelegatingHandler
{
    // A thousand resources at once are served at the limit's pace; the last of them waits this long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var response = await TryAsync(request, cancellationToken);
            if (
                response.StatusCode != HttpStatusCode.TooManyRequests
                || RetryAfter.Of(response.Headers, time.GetUtcNow()) is not { } asked
                || time.GetElapsedTime(began) > Patience
            )
            {
                return response;
            }

            response.Dispose();
            // Those who were sent away together must not come back together.
            await Task.Delay(
                asked + asked * (Random.Shared.NextDouble() / 4),
                time,
                cancellationToken
            );
        }
    }

    /// <summary>One attempt, ended when it hangs; the pauses between attempts do not count.</summary>
    private async Task<HttpResponseMessage> TryAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var hanging = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        hanging.CancelAfter(attemptTimeout);
        return await base.SendAsync(request, hanging.Token);
    }
}
