using System.Net;

namespace Dbaas.Provider.Connection;

/// <summary>
/// Repeats what the service asks to repeat: 429 and 503 that say when. Also a connection that could not be opened, because then nothing
/// was sent; a service that is being upgraded is away for a moment.
/// </summary>
internal sealed class RetryHandler(TimeProvider time) : DelegatingHandler
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Refused = TimeSpan.FromMilliseconds(300);
    private const int Attempts = 8;
    private const int AttemptsWhenRefused = 4;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (attempt == Attempts || Pause(response) is not { } asked)
                {
                    return response;
                }

                response.Dispose();
                pause = asked;
            }
            catch (HttpRequestException error)
                when (error.HttpRequestError == HttpRequestError.ConnectionError
                    && attempt < AttemptsWhenRefused
                )
            {
                pause = Refused * attempt;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>How long the service wants us to wait; null when the answer is final.</summary>
    private TimeSpan? Pause(HttpResponseMessage response)
    {
        if (
            response.StatusCode
            is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
        )
        {
            return null;
        }

        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return asked is { } wait
            ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestPause.Ticks))
            : null;
    }
}
