using System.Diagnostics;
using Dbaas.Client;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Dbaas.Schema;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Dbaas.Control.Http;

/// <summary>
/// Outermost: gives the request its id, logs it for audit (route, status, duration, who; never bodies, queries or headers) and turns what
/// was thrown into a problem. A metadata database that is away is 503 with Retry-After, never 500.
/// </summary>
internal sealed partial class RequestMiddleware(
    RequestDelegate next,
    TimeProvider time,
    ILogger<RequestMiddleware> logger
)
{
    /// <summary>Characters of path and query. Kestrel takes twice as many, so that the refusal has a body.</summary>
    public const int LongestTarget = 8 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        context.RequestId = "req_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        Stamp(context);
        using var scope = logger.BeginScope(
            new Dictionary<string, object> { ["RequestId"] = context.RequestId }
        );
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (Refuse(context) is { } refused)
            {
                await refused.ToResult().ExecuteAsync(context);
            }
            else
            {
                await next(context);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; work that matters is an operation and goes on without it.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var problem = Explain(e);
            if (problem.Status >= 500)
            {
                LogFailed(e, context.Request.Method, RouteOf(context), problem.Code);
            }

            context.Response.Clear();
            Stamp(context);
            await problem.ToResult().ExecuteAsync(context);
        }
        finally
        {
            var caller = context.Features.Get<Caller>();
            LogRequest(
                context.Request.Method,
                RouteOf(context),
                context.Response.StatusCode,
                Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                caller?.Tenant.ToString() ?? "",
                caller?.Principal.ToString() ?? "",
                caller?.ClientKind ?? ""
            );
        }
    }

    /// <summary>What no route takes, before anything reads it.</summary>
    private static Problem? Refuse(HttpContext context)
    {
        var request = context.Request;
        // The server keeps the length beside the chunks aside under this name. Two lengths for one body are two opinions on where the
        // next request begins (RFC 9112, 6.3): whoever stands in front of us may have the other, so the connection ends here.
        if (
            request.Headers.TransferEncoding.Count > 0
            && request.Headers.ContainsKey("X-Content-Length")
        )
        {
            context.Response.Headers.Connection = "close";
            return new Problem(
                "request.header_invalid",
                400,
                "Send Content-Length or Transfer-Encoding, not both."
            );
        }

        return
            (request.Path.Value?.Length ?? 0) + (request.QueryString.Value?.Length ?? 0)
            > LongestTarget
            ? new Problem(
                "request.target_too_long",
                414,
                $"Path and query have at most {LongestTarget} characters."
            )
            : null;
    }

    /// <summary>What every answer carries, refusals as well: its id, and our version for callers that do not understand it.</summary>
    private static void Stamp(HttpContext context)
    {
        context.Response.Headers[DbaasHeaders.RequestId] = context.RequestId;
        context.Response.Headers[DbaasHeaders.Version] = PackageSchema.Embedded.Version;
    }

    private static Problem Explain(Exception e) =>
        e switch
        {
            BadHttpRequestException { StatusCode: 413 } => new(
                "request.too_large",
                413,
                "Send at most 1 MiB."
            ),
            BadHttpRequestException bad => new(
                "request.invalid",
                bad.StatusCode is >= 400 and < 500 ? bad.StatusCode : 400,
                "The request cannot be read."
            ),
            DbUpdateConcurrencyException => new(
                "request.conflict",
                409,
                "Somebody changed the same thing at the same time. Read it again and repeat."
            ),
            _ when MetadataIsAway(e) => new(
                "service.unavailable",
                503,
                "The metadata database does not answer. Nothing that was accepted is lost."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(2),
            },
            _ => new(
                "service.internal",
                500,
                "Something failed that should not. The request id finds it in the log."
            ),
        };

    private static bool MetadataIsAway(Exception e) =>
        e switch
        {
            // Class 57P is an operator's intervention (shutdown, crash of a backend, starting up), 53 too few resources, 40 a lost race.
            PostgresException p => p.SqlState.StartsWith("57P", StringComparison.Ordinal)
                || p.SqlState.StartsWith("53", StringComparison.Ordinal)
                || p.SqlState.StartsWith("40", StringComparison.Ordinal),
            NpgsqlException => true,
            _ => e.InnerException is { } inner && MetadataIsAway(inner),
        };

    private static string RouteOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";

    [LoggerMessage(
        1101,
        LogLevel.Information,
        "{Method} {Route} answered {Status} in {Milliseconds:0.0} ms for {Tenant} {Principal} {Client}"
    )]
    private partial void LogRequest(
        string method,
        string route,
        int status,
        double milliseconds,
        string tenant,
        string principal,
        string client
    );

    [LoggerMessage(1102, LogLevel.Error, "{Method} {Route} failed with {Code}")]
    private partial void LogFailed(Exception exception, string method, string route, string code);
}
