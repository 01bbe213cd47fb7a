using Dbaas.Client.Catalogue;
using Dbaas.Client.Keys;
using Dbaas.Control.Identity;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Keys;

/// <summary>The customer keys of a tenant.</summary>
internal interface ICustomerKeys
{
    Task<Outcome<Page<KeyView>>> ListAsync(
        Caller caller,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    /// <summary>With its state as the key service says it now.</summary>
    Task<Outcome<KeyView>> GetAsync(
        Caller caller,
        string idOrAlias,
        CancellationToken cancellationToken
    );

    /// <summary>Registers the key named, or makes a new one in the region's key service.</summary>
    Task<Outcome<KeyView>> RegisterAsync(
        Caller caller,
        RegisterKeyRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The key an instance names by id or alias, or without one the tenant's default in the region; refused at <c>/kmsKeyId</c> when it is
    /// unknown, of another region or not enabled. For create, update and the dry run; the transaction must see the tenant's rows.
    /// </summary>
    Task<Outcome<CustomerKeyRow>> ResolveAsync(
        MetadataTransaction transaction,
        Ids.TenantId tenant,
        string? idOrAlias,
        string region,
        CancellationToken cancellationToken
    );
}
