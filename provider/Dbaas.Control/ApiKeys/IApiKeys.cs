using Dbaas.Client.Catalogue;
using Dbaas.Client.Tenancy;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;

namespace Dbaas.Control.ApiKeys;

internal interface IApiKeys
{
    /// <summary>Keys of the tenant that are not revoked, oldest first.</summary>
    Task<Outcome<Page<ApiKeyView>>> ListAsync(
        Caller caller,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    Task<Outcome<CreatedApiKeyView>> CreateAsync(
        Caller caller,
        CreateApiKeyRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>Revokes: here at once, in other processes within ten seconds.</summary>
    Task<Outcome<Done>> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken);
}
