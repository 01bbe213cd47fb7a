using Dbaas.Control.Audit;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Problems;
using Dbaas.Control.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Audit;

/// <summary>Promise 9 against a client that hangs up before its refusal is written: it is in the trail like everybody else.</summary>
public sealed class HungUpTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_caller_that_hung_up_when_its_change_is_refused_then_the_refusal_is_in_the_trail()
    {
        var control = await fixture.StartedAsync();
        var (owner, tenant, _) = await fixture.TenantAsync();
        using var _ = owner;
        var caller = CallerOf(tenant);

        await control
            .Services.GetRequiredService<RefusalTrail>()
            .WriteAsync(
                HungUp(control, caller),
                new Problem("instance.not_found", 404, "There is no such instance.")
            );

        Assert.Contains(
            caller.RequestId,
            await owner.GetStringAsync("/v1/audit-events?kind=request.refused", Token),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_a_caller_that_hung_up_when_a_right_is_missing_then_the_refusal_is_in_the_trail()
    {
        var control = await fixture.StartedAsync();
        var (owner, tenant, _) = await fixture.TenantAsync();
        using var _ = owner;
        var caller = CallerOf(tenant);

        // The answer itself reaches nobody, which may be an exception here.
        await Record.ExceptionAsync(() =>
            control
                .Services.GetRequiredService<IAuthorizationMiddlewareResultHandler>()
                .HandleAsync(
                    _ => Task.CompletedTask,
                    HungUp(control, caller),
                    new AuthorizationPolicyBuilder()
                        .AddRequirements(new RightRequirement("instance:write"))
                        .Build(),
                    PolicyAuthorizationResult.Forbid()
                )
        );

        Assert.Contains(
            caller.RequestId,
            await owner.GetStringAsync("/v1/audit-events?kind=access.denied", Token),
            StringComparison.Ordinal
        );
    }

    private static Caller CallerOf(string tenant) =>
        new(
            TenantId.Parse(tenant, null),
            TypedId.New<PrincipalId>(TimeProvider.System),
            "somebody",
            RightSet.None,
            "req-" + Guid.NewGuid().ToString("N"),
            "",
            ""
        );

    private static DefaultHttpContext HungUp(RunningControl control, Caller caller)
    {
        var context = new DefaultHttpContext
        {
            RequestServices = control.Services,
            RequestAborted = new CancellationToken(canceled: true),
        };
        context.Request.Method = HttpMethods.Delete;
        context.Features.Set(caller);
        context.SetEndpoint(
            new RouteEndpoint(
                _ => Task.CompletedTask,
                RoutePatternFactory.Parse("/v1/instances/{instance}"),
                0,
                new EndpointMetadataCollection(new AuthorizeAttribute("instance:write")),
                "DeleteInstance"
            )
        );
        return context;
    }
}
