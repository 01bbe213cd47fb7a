using System.Text.Json.Nodes;
using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Operations;

/// <summary>The operation tables. All writes of a running operation are guarded by its version and by the claim.</summary>
internal sealed partial class OperationStore(
    ITenantTransactions tenants,
    IPlatformTransactions platform,
    IEventWriter events,
    Workflows workflows,
    SiloIdentity silo,
    IOptions<OperationsOptions> options,
    TimeProvider time
)
{
    /// <summary>Steps count from zero.</summary>
    private const int NoStep = -1;

    /// <summary>Writes a new operation with all its steps; it becomes visible when the transaction commits.</summary>
    public async Task<OperationId> EnqueueAsync(
        MetadataTransaction transaction,
        OperationRequest request,
        CancellationToken cancellationToken
    )
    {
        var workflow =
            workflows.Find(request.Kind)
            ?? throw new InvalidOperationException($"There is no workflow {request.Kind}.");
        var now = time.GetUtcNow();
        var id = TypedId.New<OperationId>(time);
        transaction
            .Db.Set<OperationRow>()
            .Add(
                new OperationRow
                {
                    OperationId = id,
                    TenantId = request.Tenant,
                    Kind = request.Kind,
                    ResourceId = request.ResourceId,
                    ResourceName = request.ResourceName,
                    State = OperationStates.Queued,
                    PayloadVersion = workflow.PayloadVersion,
                    Arguments = request.Arguments,
                    Memory = request.State,
                    CurrentStep = workflow.StepNames[0],
                    DeadlineAt = now + workflow.Deadline,
                    Adopted = request.Adopted,
                    RequestedBy = request.RequestedBy,
                    ClientKind = request.ClientKind,
                    RequestId = request.RequestId,
                    CreatedAt = now,
                }
            );
        transaction
            .Db.Set<OperationStepRow>()
            .AddRange(
                workflow.StepNames.Select(
                    (name, ordinal) =>
                        new OperationStepRow
                        {
                            OperationId = id,
                            Ordinal = ordinal,
                            TenantId = request.Tenant,
                            Name = name,
                        }
                )
            );
        await events.AppendAsync(
            transaction,
            new EventDraft(
                $"{request.Kind}.requested",
                $"{request.Kind} of {request.ResourceName} was requested."
            )
            {
                Tenant = request.Tenant,
                Principal = request.RequestedBy,
                PrincipalId = request.PrincipalId,
                RequestId = request.RequestId,
                ResourceId = request.ResourceId,
                OperationId = id.ToString(),
                Data = new JsonObject { ["arguments"] = request.Arguments.DeepClone() },
            },
            cancellationToken
        );
        return id;
    }

    /// <summary>The steps with which the operation began, in order.</summary>
    public async Task<IReadOnlyList<string>> StepNamesAsync(
        TenantId tenant,
        OperationId operation,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        return await transaction
            .Db.Set<OperationStepRow>()
            .Where(step => step.TenantId == tenant && step.OperationId == operation)
            .OrderBy(step => step.Ordinal)
            .Select(step => step.Name)
            .ToListAsync(cancellationToken);
    }

    public async Task<OperationRow?> ReadAsync(
        TenantId tenant,
        OperationId operation,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        return await transaction
            .Db.Set<OperationRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                row => row.OperationId == operation && row.TenantId == tenant,
                cancellationToken
            );
    }

    /// <summary>
    /// Changes a running operation: row, one of its steps and an event in one transaction.
    /// </summary>
    /// <exception cref="ClaimLostException">Another silo has it.</exception>
    public async Task<OperationRow> SaveAsync(
        TenantId tenant,
        OperationId operation,
        int? stepOrdinal,
        Func<OperationRow, OperationStepRow?, EventDraft?> change,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
            var ordinal = stepOrdinal ?? NoStep;
            var found = await (
                from operationRow in transaction
                    .Db.Set<OperationRow>()
                    .Where(r => r.OperationId == operation && r.TenantId == tenant)
                join s in transaction.Db.Set<OperationStepRow>().Where(s => s.Ordinal == ordinal)
                    on new { operationRow.TenantId, operationRow.OperationId } equals new
                    {
                        s.TenantId,
                        s.OperationId,
                    }
                    into steps
                from step in steps.DefaultIfEmpty()
                select new { Operation = operationRow, Step = step }
            ).SingleAsync(cancellationToken);
            var row = found.Operation;
            if (row.ClaimedBy != silo.Claim)
            {
                throw new ClaimLostException(operation);
            }

            var draft = change(row, found.Step);
            try
            {
                if (draft is not null)
                {
                    await events.AppendAsync(
                        transaction,
                        draft with
                        {
                            Tenant = tenant,
                            Principal = row.RequestedBy,
                            ResourceId = row.ResourceId,
                            OperationId = operation.ToString(),
                            RequestId = row.RequestId.Length > 0 ? row.RequestId : null,
                        },
                        cancellationToken
                    );
                }

                await transaction.CommitAsync(cancellationToken);
                return row;
            }
            catch (DbUpdateConcurrencyException)
            {
                // A cancel came in between: read it and decide again. A lost claim shows at the top of the loop.
            }
        }
    }

    /// <summary>Unfinished operations of one partition which nobody works on and whose time has come, oldest first.</summary>
    public async Task<IReadOnlyList<(TenantId Tenant, string ResourceId)>> FindRunnableAsync(
        int partition,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        await using var command = transaction.Command(
            """
            SELECT tenant_id, resource_id FROM operation
            WHERE finished_at IS NULL
              AND mod(hashtext(resource_id)::bigint + 2147483648, $1) = $2
              AND (next_attempt_at IS NULL OR next_attempt_at <= now() OR next_attempt_at > now() + interval '1 minute')
              AND (claimed_by = '' OR claim_expires_at IS NULL OR claim_expires_at < now())
            ORDER BY operation_id LIMIT 500
            """,
            new NpgsqlParameter { Value = (long)options.Value.Partitions },
            new NpgsqlParameter { Value = (long)partition }
        );
        var found = new List<(TenantId, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((TenantId.Parse(reader.GetString(0), null), reader.GetString(1)));
        }

        return found;
    }

    /// <summary>Unfinished operations of one resource, oldest first.</summary>
    public async Task<IReadOnlyList<OperationId>> FindUnfinishedAsync(
        TenantId tenant,
        string resourceId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        return await transaction
            .Db.Set<OperationRow>()
            .Where(row =>
                row.TenantId == tenant && row.ResourceId == resourceId && row.FinishedAt == null
            )
            .OrderBy(row => row.OperationId)
            .Select(row => row.OperationId)
            .ToListAsync(cancellationToken);
    }
}
