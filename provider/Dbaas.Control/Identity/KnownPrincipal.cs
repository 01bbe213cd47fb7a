using Dbaas.Control.Ids;

namespace Dbaas.Control.Identity;

/// <summary>What a valid API key says about its bearer, as cached for a few seconds.</summary>
/// <param name="Home">The tenant that made the key; the default when none is named.</param>
/// <param name="Tenants">Tenants with a binding, by id, with their names.</param>
/// <param name="Rights">Rights by tenant; the platform's are in each of them.</param>
internal sealed record KnownPrincipal(
    PrincipalId Principal,
    ApiKeyId Key,
    string Name,
    TenantId Home,
    byte[] SecretHash,
    DateTimeOffset? ExpiresAt,
    IReadOnlyDictionary<TenantId, string> Tenants,
    IReadOnlyDictionary<TenantId, RightSet> Rights
)
{
    /// <summary>The tenant of this id or name among the principal's; null when it is not one of them.</summary>
    public TenantId? Find(string idOrName)
    {
        foreach (var (id, name) in Tenants)
        {
            if (name == idOrName || id.ToString() == idOrName)
            {
                return id;
            }
        }

        return null;
    }
}
