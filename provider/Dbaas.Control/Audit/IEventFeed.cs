using Dbaas.Control.Ids;

namespace Dbaas.Control.Audit;

/// <summary>Events of one operation as they happen. Thread-safe.</summary>
internal interface IEventFeed
{
    /// <summary>
    /// Events of the operation after a sequence number (0: from the first), in order, without end: the reader stops when it has seen the
    /// last. Woken by PostgreSQL's notifications and every two seconds in any case, so that a lost notification only costs time.
    /// </summary>
    IAsyncEnumerable<EventRow> FollowAsync(
        TenantId tenant,
        OperationId operation,
        long afterSequence,
        CancellationToken cancellationToken
    );

    /// <summary>Completes when something happened to the operation after the call, or when the time is over.</summary>
    Task WaitAsync(OperationId operation, TimeSpan atMost, CancellationToken cancellationToken);
}
