using Dbaas.Client.Planning;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Planning;

/// <summary>POST /v1/plan.</summary>
internal static class PlanEndpoints
{
    public static void MapPlanEndpoints(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/plan", PlanAsync)
            .WithTags("Planning")
            .WithName("Plan")
            .RequireAuthorization("instance:read");

    private static async Task<Results<Ok<PlanResult>, ProblemResult>> PlanAsync(
        PlanRequest request,
        Caller caller,
        Planner planner,
        CancellationToken cancellationToken
    )
    {
        var outcome = await planner.PlanAsync(caller, request, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }
}
