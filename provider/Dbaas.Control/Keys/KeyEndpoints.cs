using Dbaas.Client.Catalogue;
using Dbaas.Client.Keys;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Keys;

internal static class KeyEndpoints
{
    public static void MapKeyEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/keys").WithTags("Keys");
        group.MapGet("/", ListAsync).WithName("ListKeys").RequireAuthorization("key:read");
        group.MapGet("/{idOrAlias}", GetAsync).WithName("GetKey").RequireAuthorization("key:read");
        group.MapPost("/", RegisterAsync).WithName("RegisterKey").RequireAuthorization("key:write");
    }

    private static async Task<Results<Ok<Page<KeyView>>, ProblemResult>> ListAsync(
        Caller caller,
        ICustomerKeys keys,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var outcome = await keys.ListAsync(caller, cursor, limit, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<Results<Ok<KeyView>, ProblemResult>> GetAsync(
        string idOrAlias,
        Caller caller,
        ICustomerKeys keys,
        CancellationToken cancellationToken
    )
    {
        var outcome = await keys.GetAsync(caller, idOrAlias, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<Results<Created<KeyView>, ProblemResult>> RegisterAsync(
        RegisterKeyRequest request,
        Caller caller,
        ICustomerKeys keys,
        CancellationToken cancellationToken
    )
    {
        var outcome = await keys.RegisterAsync(caller, request, cancellationToken);
        return outcome.Succeeded
            ? TypedResults.Created($"/v1/keys/{outcome.Value.Id}", outcome.Value)
            : outcome.Problem.ToResult();
    }
}
