using Dbaas.Control.Operations;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Http;

/// <summary>
/// Carries out a request again whose transaction lost a race for a row against another one, mostly one of our own operations that wrote
/// down a step: nothing of it was committed, and the caller could do no better than to repeat it. What the caller read before is still
/// judged, because every attempt compares If-Match anew.
/// </summary>
internal sealed partial class LostRaceMiddleware(
    RequestDelegate next,
    Chance chance,
    TimeProvider time,
    ILogger<LostRaceMiddleware> logger
)
{
    /// <summary>Whoever loses so many times in a row is told so: something is wrong that repeating does not mend.</summary>
    private const int Attempts = 10;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await next(context);
                return;
            }
            catch (DbUpdateConcurrencyException)
                when (attempt < Attempts && !context.Response.HasStarted)
            {
                LogAgain(context.Request.Method, attempt);
            }

            if (context.Request.Body is MemoryStream body)
            {
                body.Position = 0;
            }

            // Those who lost together must not come back together.
            await Task.Delay(s_pause * (attempt + chance.Next()), time, context.RequestAborted);
        }
    }

    [LoggerMessage(1103, LogLevel.Debug, "{Method} lost a race for a row at attempt {Attempt}")]
    private partial void LogAgain(string method, int attempt);
}
