using Dbaas.Control.Ids;

namespace Dbaas.Control.Identity;

/// <summary>
/// Who acts in this request, for which tenant, with which tool. An endpoint takes it as a parameter; operations keep what they need of it.
/// </summary>
/// <param name="Tenant">The tenant the request acts for.</param>
/// <param name="Principal">Who acts.</param>
/// <param name="Name">The principal's name, for people; goes into the audit trail.</param>
/// <param name="Rights">What the principal may do here.</param>
/// <param name="RequestId">Id of this request.</param>
/// <param name="ClientKind">terraform, pulumi, cli, console or empty.</param>
/// <param name="RunId">Id of the tool's run; empty when it sends none.</param>
internal sealed record Caller(
    TenantId Tenant,
    PrincipalId Principal,
    string Name,
    RightSet Rights,
    string RequestId,
    string ClientKind,
    string RunId
)
{
    /// <summary>For minimal APIs: the caller that authentication found.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(context.Features.Get<Caller>());
    }
}
