using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Audit;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Operations that the platform begins by itself, on an instance that nobody else works on.</summary>
internal sealed class PlatformOperations(
    IPlatformTransactions platform,
    OperationStore operations,
    IOperationDispatcher dispatcher,
    IEventWriter events,
    TimeProvider time
)
{
    /// <param name="seen">The instance as the decision saw it.</param>
    /// <param name="kind">A kind of operation.</param>
    /// <param name="reason">For the instance's status and the audit trail; empty when the kind says it all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>False when somebody was faster: the decision is out of date.</returns>
    public Task<bool> BeginAsync(
        InstanceRow seen,
        string kind,
        string reason,
        CancellationToken cancellationToken
    ) =>
        BeginAsync(
            seen,
            kind,
            reason,
            (row, state) =>
                state with
                {
                    // What waited is what is tried now; without it is where the way back leads.
                    Before = kind == InstanceKinds.Update ? row.WithoutPending(row.Spec) : null,
                    MemoryBytesBefore = null,
                    RestartAllowed = true,
                },
            reason.Length > 0
                ? new EventDraft("instance.key_state", $"{seen.Name}: {reason}")
                {
                    Severity = "warning",
                }
                : null,
            cancellationToken
        );

    /// <summary>Converges a running instance to what it is, which renews its certificates; nothing that waits for a restart gets one.</summary>
    public Task<bool> RenewCertificatesAsync(
        InstanceRow seen,
        CancellationToken cancellationToken
    ) =>
        BeginAsync(
            seen,
            InstanceKinds.Update,
            reason: "",
            (row, state) => state with { Before = row.Spec },
            new EventDraft(
                "instance.certificates.due",
                $"{seen.Name}: its certificates have reached two thirds of their life and are renewed."
            ),
            cancellationToken
        );

    private async Task<bool> BeginAsync(
        InstanceRow seen,
        string kind,
        string reason,
        Func<InstanceRow, InstanceState, InstanceState> begin,
        EventDraft? told,
        CancellationToken cancellationToken
    )
    {
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            var row = await transaction
                .Db.Set<InstanceRow>()
                .SingleOrDefaultAsync(
                    r =>
                        r.InstanceId == seen.InstanceId
                        && r.Version == seen.Version
                        && r.OperationId == null,
                    cancellationToken
                );
            if (row is null)
            {
                return false;
            }

            row.Epoch++;
            row.Status = InstanceStatuses.Updating;
            row.StatusReason = reason;
            row.UpdatedAt = time.GetUtcNow();
            var parts = await InstanceStore.PartsAsync(transaction, row, cancellationToken);
            var state = begin(row, parts.ToState());
            var operation = await operations.EnqueueAsync(
                transaction,
                new OperationRequest(
                    row.TenantId,
                    kind,
                    row.InstanceId.ToString(),
                    row.Name,
                    new JsonObject(),
                    JsonSerializer.SerializeToNode(state, InstanceJson.Default.InstanceState)!
                ),
                cancellationToken
            );
            row.OperationId = operation.ToString();
            if (told is not null)
            {
                await events.AppendAsync(
                    transaction,
                    told with
                    {
                        ResourceId = row.InstanceId.ToString(),
                        OperationId = row.OperationId,
                        Tenant = row.TenantId,
                    },
                    cancellationToken
                );
            }

            await transaction.CommitAsync(cancellationToken);
        }

        await dispatcher.DispatchAsync(
            seen.TenantId,
            seen.InstanceId.ToString(),
            cancellationToken
        );
        return true;
    }
}
