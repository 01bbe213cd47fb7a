using Dbaas.Client.Catalogue;
using Dbaas.Client.Tenancy;
using Dbaas.Control.Identity;
using Dbaas.Control.Keys;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Tenancy;

internal static class TenancyEndpoints
{
    public static void MapTenancyEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/tenants").WithTags("Tenants");
        group.MapGet("/", ListAsync).WithName("ListTenants").RequireAuthorization("tenant:read");
        group
            .MapGet("/{idOrName}", GetAsync)
            .WithName("GetTenant")
            .RequireAuthorization("tenant:read");
        group
            .MapPost("/", CreateAsync)
            .WithName("CreateTenant")
            .RequireAuthorization("tenant:write");
        group
            .MapPut("/{idOrName}/quota", SetQuotaAsync)
            .WithName("SetQuota")
            .RequireAuthorization("tenant:write");
    }

    private static async Task<Results<Ok<Page<TenantView>>, ProblemResult>> ListAsync(
        Caller caller,
        ITenants tenants,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var outcome = await tenants.ListAsync(caller, cursor, limit, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<Results<Ok<TenantView>, ProblemResult>> GetAsync(
        string idOrName,
        Caller caller,
        ITenants tenants,
        CancellationToken cancellationToken
    )
    {
        var outcome = await tenants.GetAsync(caller, idOrName, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }

    private static async Task<Results<Created<CreatedTenantView>, ProblemResult>> CreateAsync(
        CreateTenantRequest request,
        Caller caller,
        ITenants tenants,
        IDefaultKeys defaultKeys,
        CancellationToken cancellationToken
    )
    {
        var outcome = await tenants.CreateAsync(caller, request, cancellationToken);
        if (!outcome.Succeeded)
        {
            return outcome.Problem.ToResult();
        }

        // The tenant is there; keys that cannot be made now are made by the sweep.
        defaultKeys.Wake();
        return TypedResults.Created($"/v1/tenants/{outcome.Value.Tenant.Id}", outcome.Value);
    }

    private static async Task<Results<Ok<TenantView>, ProblemResult>> SetQuotaAsync(
        string idOrName,
        QuotaView quota,
        Caller caller,
        ITenants tenants,
        CancellationToken cancellationToken
    )
    {
        var outcome = await tenants.SetQuotaAsync(caller, idOrName, quota, cancellationToken);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Problem.ToResult();
    }
}
