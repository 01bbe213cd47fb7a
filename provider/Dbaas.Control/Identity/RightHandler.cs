using Microsoft.AspNetCore.Authorization;

namespace Dbaas.Control.Identity;

/// <summary>Decides from the caller's rights; a right on a single resource counts where the route names that resource.</summary>
internal sealed class RightHandler(IHttpContextAccessor accessor)
    : AuthorizationHandler<RightRequirement>
{
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context,
        RightRequirement requirement
    )
    {
        var http = accessor.HttpContext;
        if (
            http?.Features.Get<Caller>() is { } caller
            && (
                caller.Rights.Allows(requirement.Right)
                || http.Request.RouteValues.Values.OfType<string>()
                    .Any(value => caller.Rights.Allows(requirement.Right, value))
            )
        )
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
