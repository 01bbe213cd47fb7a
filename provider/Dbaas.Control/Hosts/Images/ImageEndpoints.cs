using Dbaas.Client.Catalogue;
using Dbaas.Client.Hosts;
using Dbaas.Client.Operations;
using Dbaas.Control.Identity;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Hosts.Images;

internal static class ImageEndpoints
{
    public static void MapImageEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/hosts/images").WithTags("Hosts");
        group.MapGet("/", ListAsync).WithName("ListImages").RequireAuthorization("host:read");
        group
            .MapPost("/refresh", RefreshAsync)
            .WithName("RefreshImage")
            .RequireAuthorization("host:write");
    }

    private static async Task<Ok<Page<ImageView>>> ListAsync(
        HostImages images,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(new Page<ImageView>(await images.ListAsync(cancellationToken), null));

    private static async Task<Results<Accepted<OperationView>, ProblemResult>> RefreshAsync(
        RefreshImageRequest request,
        Caller caller,
        HostImages images,
        OperationReader operations,
        CancellationToken cancellationToken
    )
    {
        var outcome = await images.RefreshAsync(caller, request, cancellationToken);
        if (!outcome.Succeeded)
        {
            return outcome.Problem.ToResult();
        }

        var operation = await operations.FindAsync(caller.Tenant, outcome.Value, cancellationToken);
        return TypedResults.Accepted($"/v1/operations/{outcome.Value}", operation!);
    }
}
