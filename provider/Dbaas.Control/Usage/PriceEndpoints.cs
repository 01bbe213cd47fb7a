using Dbaas.Client.Usage;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Usage;

/// <summary>What an hour costs: everybody may read it, the platform's administrator sets it.</summary>
internal static class PriceEndpoints
{
    public static void MapPriceEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/prices").WithTags("Prices");
        group.MapGet("/", ListAsync).WithName("ListPrices").RequireAuthorization("catalogue:read");
        group
            .MapPut("/{region}", SetAsync)
            .WithName("SetPrices")
            .RequireAuthorization("price:write");
    }

    private static async Task<Ok<PriceBookView>> ListAsync(
        PriceDesk desk,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await desk.ListAsync(cancellationToken));

    private static async Task<Results<Ok<PricesView>, ProblemResult>> SetAsync(
        string region,
        SetPricesRequest request,
        Caller caller,
        PriceDesk desk,
        CancellationToken cancellationToken
    )
    {
        var outcome = await desk.SetAsync(caller, region, request, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }
}
