using System.Collections.Concurrent;

namespace Dbaas.Host.State;

/// <summary>One change at a time for each object; different objects do not wait for each other.</summary>
internal sealed class ObjectLocks
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> locks = new(
        StringComparer.Ordinal
    );

    /// <summary>Waits for its turn; dispose to let the next one in.</summary>
    public async Task<IDisposable> EnterAsync(string id, CancellationToken cancellationToken)
    {
        // Never removed: an id costs some 100 bytes, and removing one while another waits for it would let two in.
        var gate = locks.GetOrAdd(id, _ => new(1, 1));
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
