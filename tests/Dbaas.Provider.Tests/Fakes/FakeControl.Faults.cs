using System.Collections.Concurrent;
using Dbaas.Client;
using Microsoft.AspNetCore.Http;

namespace Dbaas.Provider.Tests.Fakes;

/// <content>What can go wrong before a request is answered, and a restart in the middle of one.</content>
internal sealed partial class FakeControl
{
    private readonly ConcurrentDictionary<string, bool> keys = new();
    private Task back = Task.CompletedTask;
    private Death? gateway;
    private long gatewaySince;

    /// <summary>The version it says it is.</summary>
    public string Version { get; set; } = "0.1.0";

    /// <summary>Refuses every body, as a service of another version does with members it does not know.</summary>
    public bool Misunderstands { get; set; }

    /// <summary>Answers 503 so many times before anything else.</summary>
    public int Unavailable { get; set; }

    /// <summary>How many plans of a create are refused because no host answers.</summary>
    public int HostsAway { get; set; }

    /// <summary>Answers 429 so many times before anything else.</summary>
    public int Throttled { get; set; }

    /// <summary>What Retry-After says with these two, from the time now; null for nothing.</summary>
    public Func<DateTimeOffset, string?> RetryAfter { get; set; } = _ => "0";

    /// <summary>When it answered 429 or 503, and when whatever came next arrived.</summary>
    public ConcurrentQueue<(DateTimeOffset At, bool Refused)> Arrivals { get; } = [];

    /// <summary>The tenants its key belongs to; null for any.</summary>
    public string[]? Tenants { get; set; }

    /// <summary>Every read of an instance is refused as 404 with this code.</summary>
    public string? ReadsAnswer404 { get; set; }

    /// <summary>In the middle of which requests it dies, in this order.</summary>
    public ConcurrentQueue<Death> Deaths { get; } = [];

    /// <summary>Nobody listens any more, on the spot; it comes back with its memory.</summary>
    public async Task DieAsync(TimeSpan away)
    {
        var port = new Uri(Endpoint).Port;
        await DieAsync();
        await Task.Delay(away);
        app = Build(port);
        await app.StartAsync();
    }

    /// <summary>Nobody listens any more, on the spot.</summary>
    public async Task DieAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private async Task JudgeAsync(HttpContext context, RequestDelegate next)
    {
        var request = $"{context.Request.Method} {context.Request.Path}";
        Requests.Add(request + context.Request.QueryString);
        if (
            gateway is { } absence
            && TimeProvider.System.GetElapsedTime(gatewaySince) < absence.Away
        )
        {
            await NobodyAsync(context, absence);
            return;
        }

        gateway = null;
        context.Response.Headers[DbaasHeaders.Version] = Version;
        if (Deaths.TryPeek(out var death) && death.IsAt(request) && Deaths.TryDequeue(out _))
        {
            await DieInAsync(context, next, death);
        }
        else if (Refusal(context) is { } refusal)
        {
            Arrivals.Enqueue((TimeProvider.System.GetUtcNow(), true));
            await refusal.ExecuteAsync(context);
        }
        else
        {
            Arrivals.Enqueue((TimeProvider.System.GetUtcNow(), false));
            await next(context);
        }
    }

    private async Task DieInAsync(HttpContext context, RequestDelegate next, Death death)
    {
        if (death.Carried)
        {
            var body = context.Response.Body;
            context.Response.Body = Stream.Null;
            await next(context);
            context.Response.Body = body;
        }

        death.Then?.Invoke();
        if (death.Gateway is not null)
        {
            gatewaySince = TimeProvider.System.GetTimestamp();
            gateway = death;
            await NobodyAsync(context, death);
            return;
        }

        if (death.BreaksOff && context.Response.StatusCode != StatusCodes.Status204NoContent)
        {
            await BreakOffAsync(context);
        }

        back = Task.Run(() => DieAsync(death.Away));
        context.Abort();
    }

    private static async Task BreakOffAsync(HttpContext context)
    {
        await context.Response.WriteAsync("{\"id\":");
        await context.Response.Body.FlushAsync();
        // A client that learns of the end together with the head takes the answer for one that never came.
        await Task.Delay(TimeSpan.FromMilliseconds(200));
    }

    /// <summary>What something in front of the service says in its own words while nobody is there.</summary>
    private static Task NobodyAsync(HttpContext context, Death absence)
    {
        context.Response.Clear();
        context.Response.StatusCode = absence.Gateway!.Value;
        if (!absence.WithBody)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync("<html><body>Bad gateway</body></html>");
    }

    private IResult? Refusal(HttpContext context)
    {
        if (context.Request.Headers.Authorization != $"Bearer {ApiKey}")
        {
            return Problem(401, "access.unauthenticated", "The API key is not known.");
        }

        var tenant = context.Request.Headers[DbaasHeaders.Tenant].ToString();
        if (tenant.Length > 0 && Tenants?.Contains(tenant) == false)
        {
            return Problem(404, "tenant.not_found", "No such tenant");
        }

        if (Throttled > 0)
        {
            Throttled--;
            return Later(context, 429, "rate.limited", "Too many requests.");
        }

        if (Unavailable > 0)
        {
            Unavailable--;
            return Later(context, 503, "service.unavailable", "Not now.");
        }

        if (
            ReadsAnswer404 is { } code
            && context.Request.Method == "GET"
            && context.Request.Path.StartsWithSegments("/v1/instances", StringComparison.Ordinal)
        )
        {
            return Problem(404, code, "Not found");
        }

        var key = context.Request.Headers[DbaasHeaders.IdempotencyKey].ToString();
        if (key.Length > 0 && !keys.TryAdd(key, true))
        {
            // The answer to its first use would be replayed for a day: nobody here means that.
            return Problem(409, "idempotency.mismatch", "This key was used for another request.");
        }

        return Misunderstands && context.Request.Method != "GET"
            ? Problem(422, "json.unknown_member", "Unknown member")
            : null;
    }

    private IResult Later(HttpContext context, int status, string code, string title)
    {
        if (RetryAfter(TimeProvider.System.GetUtcNow()) is { } when)
        {
            context.Response.Headers.RetryAfter = when;
        }

        return Problem(status, code, title);
    }
}
