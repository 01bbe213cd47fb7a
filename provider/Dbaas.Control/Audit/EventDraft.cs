using System.Text.Json.Nodes;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;

namespace Dbaas.Control.Audit;

/// <summary>What happened, before it is written. Never holds a secret.</summary>
/// <param name="Kind">e.g. instance.create.requested; stable, dots between words.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record EventDraft(string Kind, string Message)
{
    /// <summary>info, warning, error.</summary>
    public string Severity { get; init; } = "info";
    public PrincipalId? PrincipalId { get; init; }

    /// <summary>Name of who acted; <c>platform</c> when it was the platform itself.</summary>
    public string Principal { get; init; } = "platform";
    public string? ResourceId { get; init; }
    public string? OperationId { get; init; }
    public string? RequestId { get; init; }
    public JsonObject? Data { get; init; }

    /// <summary>False for mere progress of a step, which is shown to those who wait but is no change.</summary>
    public bool Audit { get; init; } = true;

    /// <summary>The tenant, when the transaction works across tenants; ignored in a tenant's own transaction.</summary>
    public TenantId? Tenant { get; init; }

    /// <summary>A draft that names who asked for it.</summary>
    public static EventDraft By(Caller caller, string kind, string message) =>
        new(kind, message)
        {
            PrincipalId = caller.Principal,
            Principal = caller.Name,
            RequestId = caller.RequestId,
            Tenant = caller.Tenant,
        };
}
