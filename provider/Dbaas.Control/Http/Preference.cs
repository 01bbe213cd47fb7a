using System.Globalization;

namespace Dbaas.Control.Http;

/// <summary>
/// What the client prefers (RFC 7240): <c>wait=N</c> answers when the change has ended or after N seconds, at most 60;
/// <c>respond-async</c> answers 202 at once. Without either a request waits for what the endpoint thinks reasonable. Preferences that are
/// not understood are ignored, as the RFC wants.
/// </summary>
/// <param name="Wait">Null when the client did not say.</param>
internal sealed record Preference(TimeSpan? Wait, bool RespondAsync)
{
    public const int MaximumWaitSeconds = 60;

    public static Preference None { get; } = new(null, false);

    /// <summary>How long to wait for an operation: not at all when asked so, else what was asked, else the default.</summary>
    public TimeSpan WaitOr(TimeSpan otherwise) =>
        Wait ?? (RespondAsync ? TimeSpan.Zero : otherwise);

    public static Preference Parse(IEnumerable<string?> headers)
    {
        TimeSpan? wait = null;
        var respondAsync = false;
        foreach (var token in headers.SelectMany(header => (header ?? "").Split(',', ';')))
        {
            var (name, value) = token.Split('=', 2) is [var n, var v]
                ? (n.Trim(), v.Trim().Trim('"'))
                : (token.Trim(), "");
            if (name.Equals("respond-async", StringComparison.OrdinalIgnoreCase))
            {
                respondAsync = true;
            }
            else if (
                name.Equals("wait", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(
                    value,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var seconds
                )
            )
            {
                wait ??= TimeSpan.FromSeconds(Math.Min(seconds, MaximumWaitSeconds));
            }
        }

        return new Preference(wait, respondAsync);
    }

    /// <summary>For minimal APIs: an endpoint takes it as a parameter.</summary>
    public static ValueTask<Preference?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult<Preference?>(Parse(context.Request.Headers["Prefer"]));
    }
}
