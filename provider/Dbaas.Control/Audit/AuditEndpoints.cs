using System.Globalization;
using Dbaas.Client.Audit;
using Dbaas.Client.Catalogue;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Audit;

internal static class AuditEndpoints
{
    public static void MapAuditEndpoints(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/audit-events", ListAsync)
            .WithTags("Audit")
            .WithName("ListAuditEvents")
            .RequireAuthorization("audit:read");
        routes
            .MapGet("/platform/audit-events", ListOfPlatformAsync)
            .WithTags("Audit")
            .WithName("ListPlatformAuditEvents")
            .RequireAuthorization("platform-audit:read");
    }

    private static Task<Results<Ok<Page<AuditEventView>>, ProblemResult>> ListAsync(
        Caller caller,
        AuditTrail trail,
        string? resource,
        string? operation,
        string? kind,
        string? principal,
        string? since,
        string? until,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    ) =>
        AnswerAsync(
            caller,
            trail,
            new AuditFilter
            {
                Resource = resource,
                Operation = operation,
                Kind = kind,
                Principal = principal,
            },
            since,
            until,
            ofPlatform: false,
            cursor,
            limit,
            cancellationToken
        );

    private static Task<Results<Ok<Page<AuditEventView>>, ProblemResult>> ListOfPlatformAsync(
        Caller caller,
        AuditTrail trail,
        string? kind,
        string? since,
        string? until,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    ) =>
        AnswerAsync(
            caller,
            trail,
            new AuditFilter { Kind = kind },
            since,
            until,
            ofPlatform: true,
            cursor,
            limit,
            cancellationToken
        );

    private static async Task<Results<Ok<Page<AuditEventView>>, ProblemResult>> AnswerAsync(
        Caller caller,
        AuditTrail trail,
        AuditFilter filter,
        string? since,
        string? until,
        bool ofPlatform,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        if (!TryTime(since, out var from) || !TryTime(until, out var to))
        {
            return new Problem(
                "audit.filter_invalid",
                400,
                "since and until are RFC 3339 times with zone, e.g. 2026-01-31T12:00:00Z."
            ).ToResult();
        }

        var outcome = await trail.ListAsync(
            caller,
            filter with
            {
                Since = from,
                Until = to,
            },
            ofPlatform,
            cursor,
            limit,
            cancellationToken
        );
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static bool TryTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null)
        {
            return true;
        }

        if (
            DateTimeOffset.TryParseExact(
                text,
                ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var read
            )
        )
        {
            time = read;
            return true;
        }

        return false;
    }
}
