using Dbaas.Client.Catalogue;
using Dbaas.Client.Tenancy;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.ApiKeys;

internal static class ApiKeyEndpoints
{
    public static void MapApiKeyEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api-keys").WithTags("API keys");
        group.MapGet("/", ListAsync).WithName("ListApiKeys").RequireAuthorization("api-key:read");
        group
            .MapPost("/", CreateAsync)
            .WithName("CreateApiKey")
            .RequireAuthorization("api-key:write");
        group
            .MapDelete("/{id}", DeleteAsync)
            .WithName("DeleteApiKey")
            .RequireAuthorization("api-key:write");
    }

    private static async Task<Results<Ok<Page<ApiKeyView>>, ProblemResult>> ListAsync(
        Caller caller,
        IApiKeys keys,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var outcome = await keys.ListAsync(caller, cursor, limit, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<Results<Created<CreatedApiKeyView>, ProblemResult>> CreateAsync(
        CreateApiKeyRequest request,
        Caller caller,
        IApiKeys keys,
        CancellationToken cancellationToken
    )
    {
        var outcome = await keys.CreateAsync(caller, request, cancellationToken);
        return outcome.Succeeded
            ? TypedResults.Created($"/v1/api-keys/{outcome.Value.Key.Id}", outcome.Value)
            : outcome.Problem.ToResult();
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        string id,
        Caller caller,
        IApiKeys keys,
        CancellationToken cancellationToken
    )
    {
        var outcome = await keys.DeleteAsync(caller, id, cancellationToken);
        return outcome.Succeeded ? TypedResults.NoContent() : outcome.Problem.ToResult();
    }
}
