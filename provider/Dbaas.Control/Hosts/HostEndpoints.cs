using Dbaas.Client.Catalogue;
using Dbaas.Client.Hosts;
using Dbaas.Client.Operations;
using Dbaas.Control.Audit;
using Dbaas.Control.Http;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dbaas.Control.Hosts;

internal static class HostEndpoints
{
    public static void MapHostEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/hosts").WithTags("Hosts");
        group.MapGet("/", ListAsync).WithName("ListHosts").RequireAuthorization("host:read");
        group
            .MapGet("/inventory", InventoryAsync)
            .WithName("GetInventory")
            .RequireAuthorization("host:read");
        // No API key yet: the enrolment token is the credential.
        group
            .MapPost("/enrol", EnrolAsync)
            .WithName("EnrolHost")
            .AllowAnonymous()
            .Produces<ProblemBody>(StatusCodes.Status401Unauthorized, ProblemResult.MediaType);
    }

    private static async Task<Ok<Page<HostView>>> ListAsync(
        HostInventory inventory,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(new Page<HostView>(await inventory.ListAsync(cancellationToken), null));

    private static async Task<Results<Ok<Page<InventoryItemView>>, ProblemResult>> InventoryAsync(
        HostInventory inventory,
        bool? orphans,
        CancellationToken cancellationToken
    )
    {
        var outcome = await inventory.InventoryAsync(orphans ?? false, cancellationToken);
        return outcome.Succeeded
            ? TypedResults.Ok(new Page<InventoryItemView>(outcome.Value, null))
            : outcome.Problem.ToResult();
    }

    private static async Task<Results<Ok<EnrolHostResponse>, ProblemResult>> EnrolAsync(
        EnrolHostRequest request,
        HttpContext context,
        HostEnrolment enrolment,
        TrailTime trailTime,
        CancellationToken cancellationToken
    )
    {
        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : "";
        var outcome = await enrolment.EnrolAsync(
            token,
            request,
            context.RequestId,
            cancellationToken
        );
        if (outcome.Succeeded)
        {
            return TypedResults.Ok(outcome.Value);
        }

        if (outcome.Problem.Status == 401)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"dbaas-enrolment\"";
            using var ends = trailTime.Begin();
            await enrolment.AuditRefusalAsync(
                Printable.Of(request.Region),
                context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
                context.RequestId,
                ends.Token
            );
        }

        return outcome.Problem.ToResult();
    }
}
