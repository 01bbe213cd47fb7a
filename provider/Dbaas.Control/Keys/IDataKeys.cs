using Dbaas.Control.Ids;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Keys;

/// <summary>
/// Data keys, wrapped by customer keys. The control service never sees the plaintext of a volume's key. Every verb may be repeated.
/// Problems are <c>key.*</c>; a key service that does not answer is the problem <c>key.service_unavailable</c>, which a retry can cure.
/// </summary>
internal interface IDataKeys
{
    /// <summary>The data key of this owner and purpose: the one there is, else a new one (GenerateDataKeyWithoutPlaintext).</summary>
    Task<Outcome<WrappedKeyRow>> EnsureAsync(
        DataKeyRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>A right for the hosts of the key's region to decrypt this one key, bound to its encryption context.</summary>
    Task<Outcome<GrantedKey>> GrantAsync(
        TenantId tenant,
        WrappedKeyId id,
        CancellationToken cancellationToken
    );

    /// <summary>Ends the right. An unknown grant is already ended.</summary>
    Task<Outcome<Done>> RetireAsync(GrantedKey granted, CancellationToken cancellationToken);

    /// <summary>
    /// Wraps the owner's data keys by another customer key of the same region, inside the key service (ReEncrypt): the data keys stay, no
    /// data moves. Both keys must be enabled.
    /// </summary>
    /// <returns>How many were wrapped by another key until now.</returns>
    Task<Outcome<int>> RewrapAsync(
        TenantId tenant,
        string ownerId,
        KeyId key,
        CancellationToken cancellationToken
    );

    /// <summary>Crypto-shredding, first half: overwrites every wrapped key of the owner, so that its data can never be read again.</summary>
    /// <returns>How many keys were there.</returns>
    Task<int> ShredAsync(TenantId tenant, string ownerId, CancellationToken cancellationToken);
}
