using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Instances;
using Dbaas.Control.Audit;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

/// <content>What every change shares: checks, enqueueing, dispatch.</content>
internal sealed partial class InstanceDesk
{
    private async Task<Outcome<Submitted>> UpdateInAsync(
        PlatformTransaction transaction,
        Caller caller,
        InstanceRow row,
        InstanceInputs inputs,
        HostAnswers hosts,
        CancellationToken cancellationToken
    )
    {
        if (row.OperationId is not null)
        {
            return Refusals.Busy(row);
        }

        if (InstanceJudge.Refusal(row, InstanceJudge.Update, key: null) is { } refused)
        {
            return refused;
        }

        var parts = await InstanceStore.PartsAsync(transaction, row, cancellationToken);
        var judged = await checks.UpdateAsync(
            transaction,
            row,
            parts.Machines[0].HostId,
            inputs,
            s_nothingUnknown,
            hosts,
            cancellationToken
        );
        if (judged.Errors.Count > 0)
        {
            return Refusals.Of(judged.Errors);
        }

        if (judged.Changes.Count == 0)
        {
            // Another spelling of the same is kept, so that what the user wrote is what he reads.
            var spelled = row.Desired;
            row.Spec = judged.After;
            if (!JsonNode.DeepEquals(spelled, row.Desired))
            {
                await events.AppendAsync(
                    transaction,
                    EventDraft.By(
                        caller,
                        "instance.changed",
                        $"{row.Name} is the same in another spelling."
                    ) with
                    {
                        ResourceId = row.InstanceId.ToString(),
                    },
                    cancellationToken
                );
            }

            return new Submitted(row.InstanceId, null, Created: false);
        }

        if (
            judged.After.Name != row.Name
            && await InstanceStore.FindAsync(
                transaction,
                caller.Tenant,
                judged.After.Name,
                cancellationToken
            )
                is { } other
        )
        {
            return Refusals.NameTaken(other);
        }

        if (InstanceJudge.Locked(row, judged) is { } locked)
        {
            return locked;
        }

        row.Spec = judged.After;
        row.Name = judged.After.Name;
        row.Generation++;
        row.UpdatedAt = time.GetUtcNow();
        var change = new JsonObject
        {
            ["changes"] = new JsonArray([.. judged.Changes.Select(one => (JsonNode)one.Pointer)]),
        };
        if (judged.Before.DeletionProtection && !judged.After.DeletionProtection)
        {
            change["unprotectedByRun"] = caller.RunId.Length > 0 ? caller.RunId : caller.RequestId;
        }

        await events.AppendAsync(
            transaction,
            EventDraft.By(
                caller,
                "instance.changed",
                $"{row.Name} shall change: {string.Join(", ", judged.Changes.Select(one => one.Pointer))}."
            ) with
            {
                ResourceId = row.InstanceId.ToString(),
                Data = change,
            },
            cancellationToken
        );
        if (!judged.NeedsWork)
        {
            row.AppliedGeneration = row.Generation;
            row.Pending =
            [
                .. row.Pending.Where(one =>
                    !one.IsImage
                    || VersionFloor.Behind(row.ActualVersion, judged.After.EngineVersion)
                ),
            ]; // a floor that was lowered again waits for nothing
            return new Submitted(row.InstanceId, null, Created: false);
        }

        row.Status = InstanceStatuses.Updating;
        var memory = parts.MemoryBytes;
        foreach (var machine in parts.Machines)
        {
            // Until the change has arrived, the larger of both is taken.
            machine.Cpu = Math.Max(machine.Cpu, judged.After.Cpu);
            machine.MemoryBytes = Math.Max(machine.MemoryBytes, judged.After.MemoryBytes());
        }

        foreach (var volume in parts.Volumes)
        {
            volume.SizeBytes = Math.Max(volume.SizeBytes, judged.After.StorageBytes());
        }

        row.Epoch++;
        var operation = await EnqueueAsync(
            transaction,
            caller,
            parts,
            InstanceKinds.Update,
            JsonSerializer.SerializeToNode(inputs, InstanceJson.Default.InstanceInputs)!,
            parts.ToState() with
            {
                Before = judged.Before,
                MemoryBytesBefore = memory,
                KeyBefore = judged.Key is null ? null : row.KeyId,
                KeyAfter = judged.Key,
            },
            cancellationToken
        );
        return new Submitted(row.InstanceId, operation, Created: false);
    }

    /// <summary>
    /// One exclusive operation on an instance; <paramref name="decide"/> names its kind, empty for nothing to do. An operation of the
    /// kind <paramref name="joins"/> that is under way is joined instead of refused, and one that cannot be taken back gives way to it.
    /// </summary>
    private async Task<Outcome<Submitted>> ChangeAsync(
        Caller caller,
        string idOrName,
        EntityTag tag,
        Func<PlatformTransaction, InstanceRow, Task<Outcome<string>>> decide,
        CancellationToken cancellationToken,
        string? joins = null
    )
    {
        Submitted submitted;
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            if (
                await InstanceStore.FindAsync(
                    transaction,
                    caller.Tenant,
                    idOrName,
                    cancellationToken
                )
                is not { } row
            )
            {
                return Refusals.NotFound(idOrName);
            }

            if (tag.Check(row.Version) is { } stale)
            {
                return stale;
            }

            if (row.OperationId is not null)
            {
                if (joins is null)
                {
                    return Refusals.Busy(row);
                }

                var under = await InstanceJudge.UnderWayAsync(transaction, row, cancellationToken);
                if (under is not null && under.Kind == joins)
                {
                    // A delete that is asked for again, after its first caller was killed, is the delete that is under way.
                    return new Submitted(row.InstanceId, under.OperationId, Created: false);
                }

                if (InstanceJudge.TakeOver(row, under) is { } refused)
                {
                    return refused;
                }
            }

            var kind = await decide(transaction, row);
            if (!kind.Succeeded)
            {
                return kind.Problem;
            }

            if (kind.Value.Length == 0)
            {
                await transaction.CommitAsync(cancellationToken);
                return new Submitted(row.InstanceId, null, Created: false);
            }

            row.Epoch++;
            row.UpdatedAt = time.GetUtcNow();
            var parts = await InstanceStore.PartsAsync(transaction, row, cancellationToken);
            var operation = await EnqueueAsync(
                transaction,
                caller,
                parts,
                kind.Value,
                new JsonObject(),
                parts.ToState(),
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
            submitted = new Submitted(row.InstanceId, operation, Created: false);
        }

        await DispatchAsync(caller.Tenant, submitted, cancellationToken);
        return submitted;
    }

    private async Task<OperationId> EnqueueAsync(
        PlatformTransaction transaction,
        Caller caller,
        InstanceParts parts,
        string kind,
        JsonNode arguments,
        InstanceState state,
        CancellationToken cancellationToken
    )
    {
        var row = parts.Instance;
        var operation = await operations.EnqueueAsync(
            transaction,
            new OperationRequest(
                caller.Tenant,
                kind,
                row.InstanceId.ToString(),
                row.Name,
                arguments,
                JsonSerializer.SerializeToNode(state, InstanceJson.Default.InstanceState)!
            )
            {
                RequestedBy = caller.Name,
                PrincipalId = caller.Principal,
                ClientKind = caller.ClientKind,
                RequestId = caller.RequestId,
            },
            cancellationToken
        );
        row.OperationId = operation.ToString();
        return operation;
    }

    private Task DispatchAsync(
        TenantId tenant,
        Submitted submitted,
        CancellationToken cancellationToken
    ) =>
        submitted.Operation is null
            ? Task.CompletedTask
            : dispatcher.DispatchAsync(tenant, submitted.Instance.ToString(), cancellationToken);
}
