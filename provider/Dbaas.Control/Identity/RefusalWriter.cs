using Dbaas.Control.Audit;
using Dbaas.Control.Http;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Dbaas.Control.Identity;

/// <summary>Answers and audits what authorization refuses: 401 without a reason, 403 with the name of the right.</summary>
internal sealed class RefusalWriter(
    IEventWriter events,
    ITenantTransactions tenants,
    IPlatformTransactions platform,
    TrailTime trailTime
) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        if (context.Features.Get<Caller>() is { } caller)
        {
            await DenyAsync(context, policy, caller);
            return;
        }

        if (context.Request.Headers.Authorization.Count > 0)
        {
            // A key that is not valid may be a stolen or guessed one. A request without any key tells nothing and is only logged. One that
            // is valid and names a tenant that is not its own belongs into the trail of the tenant it comes from.
            var known = context.Features.Get<KnownPrincipal>();
            using var ends = trailTime.Begin();
            await using var transaction = await platform.BeginAsync(ends.Token);
            await events.AppendAsync(
                transaction,
                new(
                    "access.unauthenticated",
                    known is null
                        ? $"Refused {Described(context)}: no valid key."
                        : $"Refused {Described(context)}: a tenant that is not one of the key's."
                )
                {
                    Severity = "warning",
                    PrincipalId = known?.Principal,
                    Principal =
                        known?.Name ?? context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
                    Tenant = known?.Home,
                    RequestId = context.RequestId,
                },
                ends.Token
            );
            await transaction.CommitAsync(ends.Token);
        }

        if (context.Features.Get<Problem>() is { } problem)
        {
            await problem.ToResult().ExecuteAsync(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"dbaas\"";
        await new Problem(
            "access.unauthenticated",
            401,
            "Send a valid API key: Authorization: Bearer dbk_…"
        )
            .ToResult()
            .ExecuteAsync(context);
    }

    private async Task DenyAsync(HttpContext context, AuthorizationPolicy policy, Caller caller)
    {
        var right = policy.Requirements.OfType<RightRequirement>().FirstOrDefault()?.Right ?? "";
        using (var ends = trailTime.Begin())
        await using (var transaction = await tenants.BeginAsync(caller.Tenant, ends.Token))
        {
            await events.AppendAsync(
                transaction,
                EventDraft.By(
                    caller,
                    "access.denied",
                    $"Refused {Described(context)}: {right} is missing."
                ) with
                {
                    Severity = "warning",
                    Data = new() { ["right"] = right },
                },
                ends.Token
            );
            await transaction.CommitAsync(ends.Token);
        }

        await new Problem(
            "access.denied",
            403,
            $"The right {right} is missing. Ask an owner of the tenant for a role that has it."
        )
            .ToResult()
            .ExecuteAsync(context);
    }

    private static string Described(HttpContext context) =>
        $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown route"}";
}
