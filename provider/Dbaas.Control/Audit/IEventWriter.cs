using Dbaas.Control.Metadata;

namespace Dbaas.Control.Audit;

/// <summary>Writes events in the transaction of the change they tell of, so that neither is ever there without the other.</summary>
internal interface IEventWriter
{
    /// <summary>
    /// Adds the event to the transaction; it becomes visible, and wakes event streams, when that commits. Written at once, so that its
    /// place in the order is that of the change.
    /// </summary>
    Task AppendAsync(
        MetadataTransaction transaction,
        EventDraft draft,
        CancellationToken cancellationToken
    );
}
