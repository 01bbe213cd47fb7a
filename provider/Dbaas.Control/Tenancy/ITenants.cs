using Dbaas.Client.Catalogue;
using Dbaas.Client.Tenancy;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Tenancy;

internal interface ITenants
{
    /// <summary>Those the caller belongs to; all for who may make tenants.</summary>
    Task<Outcome<Page<TenantView>>> ListAsync(
        Caller caller,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    Task<Outcome<TenantView>> GetAsync(
        Caller caller,
        string idOrName,
        CancellationToken cancellationToken
    );

    /// <summary>The tenant, its quota and its owner's first API key, in one transaction.</summary>
    Task<Outcome<CreatedTenantView>> CreateAsync(
        Caller caller,
        CreateTenantRequest request,
        CancellationToken cancellationToken
    );

    Task<Outcome<TenantView>> SetQuotaAsync(
        Caller caller,
        string idOrName,
        QuotaView quota,
        CancellationToken cancellationToken
    );
}
