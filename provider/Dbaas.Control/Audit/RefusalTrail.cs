using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Authorization;

namespace Dbaas.Control.Audit;

/// <summary>
/// Promise 9 for what was not done: a change that a known caller asked for and did not get is in the trail before the answer leaves.
/// Reads and dry runs are no changes; too many requests are not written, because a flood would fill the trail; what authorization
/// refuses is written by authorization itself.
/// </summary>
internal sealed class RefusalTrail(
    IEventWriter events,
    ITenantTransactions tenants,
    TrailTime trailTime
)
{
    private const int TooManyRequests = 429;

    public async Task WriteAsync(HttpContext context, Problem problem)
    {
        if (
            problem.Status is < 400 or >= 500 or TooManyRequests
            || problem.Code.StartsWith("access.", StringComparison.Ordinal)
            || context.Features.Get<Caller>() is not { } caller
            || context.GetEndpoint() is not RouteEndpoint endpoint
            || !Changes(context, endpoint)
        )
        {
            return;
        }

        var target = context.Request.RouteValues.Values.OfType<string>().FirstOrDefault() ?? "";
        using var ends = trailTime.Begin();
        await using var transaction = await tenants.BeginAsync(caller.Tenant, ends.Token);
        await events.AppendAsync(
            transaction,
            EventDraft.By(
                caller,
                "request.refused",
                $"Refused {context.Request.Method} {endpoint.RoutePattern.RawText}: {problem.Code}."
            ) with
            {
                Severity = "warning",
                Data = new()
                {
                    ["code"] = problem.Code,
                    ["status"] = problem.Status,
                    ["target"] = Printable.Of(target),
                },
            },
            ends.Token
        );
        await transaction.CommitAsync(ends.Token);
    }

    private static bool Changes(HttpContext context, RouteEndpoint endpoint) =>
        !HttpMethods.IsGet(context.Request.Method)
        && !HttpMethods.IsHead(context.Request.Method)
        && endpoint
            .Metadata.OfType<IAuthorizeData>()
            .Any(data => data.Policy?.EndsWith(":read", StringComparison.Ordinal) == false);
}
