using Dbaas.Client.Instances;
using Dbaas.Control.Audit;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Dbaas.Control.Instances;

/// <content>What depends on the run that asks: taking over what an interrupted one began, and protection within one.</content>
internal sealed partial class InstanceDesk
{
    /// <summary>Promise 3: the interrupted create of the same principal and tool is taken over; everything else is a conflict.</summary>
    private async Task<Outcome<Submitted>> AdoptAsync(
        PlatformTransaction transaction,
        Caller caller,
        InstanceRow existing,
        InstanceInputs inputs,
        HostAnswers hosts,
        CancellationToken cancellationToken
    )
    {
        var id = existing.InstanceId.ToString();
        if (
            existing.Acknowledged
            || existing.CreatedBy != caller.Principal.ToString()
            || existing.ClientKind != caller.ClientKind
            || caller.RunId.Length == 0
            || existing.Status is InstanceStatuses.Deleting
        )
        {
            return Refusals.NameTaken(existing);
        }

        if (await RunLeases.HeldByOtherAsync(transaction, caller, id, cancellationToken))
        {
            return Refusals.Held(existing);
        }

        await RunLeases.RenewAsync(transaction, caller, id, cancellationToken);
        await events.AppendAsync(
            transaction,
            EventDraft.By(
                caller,
                "instance.adopted",
                $"{existing.Name} was taken over by a later run of {caller.ClientKind}."
            ) with
            {
                ResourceId = id,
                OperationId = existing.OperationId,
            },
            cancellationToken
        );
        if (existing.OperationId is { } under)
        {
            var operation = OperationId.Parse(under, null);
            var row = await transaction
                .Db.Set<OperationRow>()
                .SingleAsync(
                    r => r.TenantId == caller.Tenant && r.OperationId == operation,
                    cancellationToken
                );
            if (row.Direction == OperationStates.Undo)
            {
                return Refusals.Busy(existing);
            }

            row.Adopted = true;
            return new Submitted(existing.InstanceId, operation, Created: true);
        }

        var updated = await UpdateInAsync(
            transaction,
            caller,
            existing,
            inputs,
            hosts,
            cancellationToken
        );
        return updated.Succeeded ? updated.Value with { Created = true } : updated.Problem;
    }

    /// <summary>Promise 2: protection that the very same run switched off still protects.</summary>
    private static async Task<bool> UnprotectedByThisRunAsync(
        PlatformTransaction transaction,
        Caller caller,
        InstanceRow row,
        CancellationToken cancellationToken
    )
    {
        if (caller.RunId.Length == 0)
        {
            return false;
        }

        await using var command = transaction.Command(
            """
            SELECT EXISTS (SELECT FROM event WHERE tenant_id = $1 AND resource_id = $2 AND kind = 'instance.changed'
              AND data ->> 'unprotectedByRun' = $3)
            """,
            new NpgsqlParameter { Value = caller.Tenant.ToString() },
            new NpgsqlParameter { Value = row.InstanceId.ToString() },
            new NpgsqlParameter { Value = caller.RunId }
        );
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
