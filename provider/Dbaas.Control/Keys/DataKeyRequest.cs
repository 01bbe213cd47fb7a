using Dbaas.Control.Ids;

namespace Dbaas.Control.Keys;

/// <summary>Which data key is wanted.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Key">The customer key that wraps it.</param>
/// <param name="Instance">Goes into the encryption context.</param>
/// <param name="OwnerId">The resource whose data it protects: an instance or a volume.</param>
/// <param name="Purpose">volume, credentials, later backup; goes into the encryption context.</param>
internal sealed record DataKeyRequest(
    TenantId Tenant,
    KeyId Key,
    InstanceId Instance,
    string OwnerId,
    string Purpose
);
