using Dbaas.Protocol.Host;

namespace Dbaas.Host.Store;

/// <summary>
/// The region's etcd, in which Patroni keeps its locks: one user and one key prefix an instance, nobody reads another's. All verbs can
/// be repeated. Safe to call from any thread.
/// </summary>
internal interface IStore
{
    /// <summary>
    /// Adopts the running etcd or starts it, waits until it answers, switches authentication on. Called once the host has its
    /// certificate for the store; while the host runs, a store that died is started again without this being called.
    /// </summary>
    /// <exception cref="StoreException">etcd does not come up.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Makes sure the instance's user exists with this password and reaches <c>/dbaas/CLUSTER/</c> and nothing else.</summary>
    /// <exception cref="StoreException">etcd does not answer, or refuses.</exception>
    Task<StoreAccess> EnsureUserAsync(
        Owner owner,
        string cluster,
        string password,
        CancellationToken cancellationToken
    );

    /// <summary>Removes user, role and all keys below the prefix. True when there was something to remove.</summary>
    Task<bool> RemoveUserAsync(string cluster, CancellationToken cancellationToken);

    /// <summary>One item of kind <c>store-user</c> for each user other than root, for the inventory.</summary>
    Task<IReadOnlyList<InventoryItem>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Takes over a renewed certificate; it counts from the next connection on.</summary>
    void TakeCertificate();

    /// <summary>Null when etcd answers and can write, else what is wrong in words.</summary>
    Task<string?> CheckAsync(CancellationToken cancellationToken);

    /// <summary>Ends etcd in order; its data stays.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
