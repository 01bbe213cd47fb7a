namespace Dbaas.Host.State;

/// <summary>The rule that keeps a caller that was frozen from undoing what its successor did.</summary>
internal static class Epochs
{
    /// <summary>The epoch to store, durably and before anything is done.</summary>
    /// <exception cref="HostRefusal">A later caller was here before.</exception>
    public static ulong Accept(ulong requested, ulong stored, string id) =>
        requested >= stored
            ? requested
            : throw new HostRefusal(
                RefusalKind.Forbidden,
                "host.stale_epoch",
                $"{id} was last changed at epoch {stored}; a request of epoch {requested} comes too late."
            );
}
