using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;

namespace Dbaas.Control.Audit;

internal sealed class EventWriter(TimeProvider time) : IEventWriter
{
    public async Task AppendAsync(
        MetadataTransaction transaction,
        EventDraft draft,
        CancellationToken cancellationToken
    )
    {
        transaction
            .Db.Set<EventRow>()
            .Add(
                new EventRow
                {
                    EventId = TypedId.New<AuditEventId>(time),
                    TenantId = transaction.Tenant ?? draft.Tenant,
                    At = time.GetUtcNow(),
                    Kind = draft.Kind,
                    Severity = draft.Severity,
                    PrincipalId = draft.PrincipalId,
                    Principal = draft.Principal,
                    ResourceId = draft.ResourceId,
                    OperationId = draft.OperationId,
                    RequestId = draft.RequestId,
                    Message = draft.Message,
                    Data = draft.Data,
                    Audit = draft.Audit,
                }
            );
        await transaction.Db.SaveChangesAsync(cancellationToken);
    }
}
