using Dbaas.Host.Store;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Tests.Enrolment;

/// <summary>Counts what the renewal tells the store; nothing else of the store is asked here.</summary>
internal sealed class RememberingStore : IStore
{
    public int Taken { get; private set; }

    public void TakeCertificate() => Taken++;

    public Task StartAsync(CancellationToken cancellationToken) => throw NotAsked();

    public Task<StoreAccess> EnsureUserAsync(
        Owner owner,
        string cluster,
        string password,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public Task<bool> RemoveUserAsync(string cluster, CancellationToken cancellationToken) =>
        throw NotAsked();

    public Task<IReadOnlyList<InventoryItem>> ListAsync(CancellationToken cancellationToken) =>
        throw NotAsked();

    public Task<string?> CheckAsync(CancellationToken cancellationToken) => throw NotAsked();

    public Task StopAsync(CancellationToken cancellationToken) => throw NotAsked();

    private static InvalidOperationException NotAsked() =>
        new("A renewal has nothing to do with this.");
}
