using Dbaas.Control.Ids;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Keys;

/// <summary>
/// Secrets of instances, sealed with AES-256-GCM under a data key of the instance (purpose <c>credentials</c>) that is unwrapped for each
/// use and forgotten. Who hands a secret to a user writes the audit event for it.
/// </summary>
internal interface ICredentialVault
{
    /// <summary>
    /// The secrets of these names; those that are missing are drawn first and stored. Repeated, it answers the same, so a step may run
    /// twice without changing a password.
    /// </summary>
    Task<Outcome<IReadOnlyDictionary<string, string>>> EnsureAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        IReadOnlyDictionary<string, Func<string>> drawByName,
        CancellationToken cancellationToken
    );

    /// <summary>All secrets of an instance by name; empty when it has none.</summary>
    Task<Outcome<IReadOnlyDictionary<string, string>>> ReadAsync(
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    );

    /// <summary>Replaces one secret, for rotation. Without one to replace it is stored.</summary>
    Task<Outcome<Done>> ReplaceAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        string name,
        string secret,
        CancellationToken cancellationToken
    );

    /// <summary>Forgets every secret of an instance. Its data key is shredded by <see cref="IDataKeys.ShredAsync"/>.</summary>
    Task ForgetAsync(TenantId tenant, InstanceId instance, CancellationToken cancellationToken);
}
