using Dbaas.Control.Ids;

namespace Dbaas.Control.ApiKeys;

/// <summary>A key to be made.</summary>
/// <param name="Roles">The first is the one shown; roles of scope platform are bound to the platform, others to the tenant.</param>
internal sealed record KeyIssue(
    TenantId Tenant,
    string Name,
    IReadOnlyList<string> Roles,
    DateTimeOffset? ExpiresAt
);
