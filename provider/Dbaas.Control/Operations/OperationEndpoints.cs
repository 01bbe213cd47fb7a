using System.Globalization;
using Dbaas.Client.Catalogue;
using Dbaas.Client.Operations;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Operations;

/// <summary>The HTTP surface of operations, below /v1.</summary>
internal static class OperationEndpoints
{
    public static void MapOperationEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/operations").WithTags("Operations");
        group
            .MapGet("/", ListAsync)
            .WithName("ListOperations")
            .RequireAuthorization("operation:read");
        group
            .MapGet("/{id}", GetAsync)
            .WithName("GetOperation")
            .RequireAuthorization("operation:read");
        group
            .MapGet("/{id}/events", FollowAsync)
            .WithName("FollowOperation")
            .RequireAuthorization("operation:read");
        group
            .MapPost("/{id}/cancel", CancelAsync)
            .WithName("CancelOperation")
            .RequireAuthorization("operation:write");
    }

    private static async Task<Results<Ok<Page<OperationView>>, ProblemResult>> ListAsync(
        Caller caller,
        OperationReader operations,
        string? resource,
        string? state,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var outcome = await operations.ListAsync(
            caller,
            resource,
            state,
            cursor,
            limit,
            cancellationToken
        );
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<Results<Ok<OperationView>, ProblemResult>> GetAsync(
        string id,
        Caller caller,
        OperationReader operations,
        int? wait,
        CancellationToken cancellationToken
    )
    {
        if (wait is < 0 or > Preference.MaximumWaitSeconds)
        {
            return new Problem(
                OperationProblems.FilterInvalid,
                400,
                $"wait is 0 to {Preference.MaximumWaitSeconds} seconds."
            ).ToResult();
        }

        if (!TypedId.TryParse<OperationId>(id, out var operation))
        {
            return OperationReader.NotFound(id).ToResult();
        }

        var outcome = await operations.WaitAsync(
            caller,
            operation,
            TimeSpan.FromSeconds(wait ?? 0),
            cancellationToken
        );
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<Results<ServerSentEventsResult<string>, ProblemResult>> FollowAsync(
        string id,
        Caller caller,
        OperationReader operations,
        OperationEvents events,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            !TypedId.TryParse<OperationId>(id, out var operation)
            || await operations.FindAsync(caller.Tenant, operation, cancellationToken) is null
        )
        {
            return OperationReader.NotFound(id).ToResult();
        }

        _ = long.TryParse(
            context.Request.Headers["Last-Event-ID"],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var after
        );
        return TypedResults.ServerSentEvents(
            events.FollowAsync(caller.Tenant, operation, after, cancellationToken)
        );
    }

    private static async Task<Results<Ok<OperationView>, ProblemResult>> CancelAsync(
        string id,
        Caller caller,
        OperationReader operations,
        CancellationToken cancellationToken
    )
    {
        if (!TypedId.TryParse<OperationId>(id, out var operation))
        {
            return OperationReader.NotFound(id).ToResult();
        }

        var outcome = await operations.CancelAsync(caller, operation, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }
}
