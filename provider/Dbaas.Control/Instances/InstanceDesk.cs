using Dbaas.Client.Instances;
using Dbaas.Control.Audit;
using Dbaas.Control.Capacity;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

internal sealed partial class InstanceDesk
{
    /// <param name="caller">Who asks.</param>
    /// <param name="idOrName">Which instance.</param>
    /// <param name="inputs">The whole wish, made from what the instance is now.</param>
    /// <param name="tag">If-Match.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<Outcome<Submitted>> UpdateAsync(
        Caller caller,
        string idOrName,
        Func<InstanceSpec, Outcome<InstanceInputs>> inputs,
        EntityTag tag,
        CancellationToken cancellationToken
    )
    {
        Outcome<Submitted> outcome;
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            await CapacityLedger.LockAsync(transaction, cancellationToken);
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

            var wanted = inputs(row.Spec);
            if (!wanted.Succeeded)
            {
                return wanted.Problem;
            }

            outcome = await UpdateInAsync(
                transaction,
                caller,
                row,
                wanted.Value,
                cancellationToken
            );
            if (outcome.Succeeded)
            {
                await transaction.CommitAsync(cancellationToken);
            }
        }

        if (outcome.Succeeded)
        {
            await DispatchAsync(caller.Tenant, outcome.Value, cancellationToken);
        }

        return outcome;
    }

    public Task<Outcome<Submitted>> DeleteAsync(
        Caller caller,
        string idOrName,
        EntityTag tag,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            caller,
            idOrName,
            tag,
            async (transaction, row) =>
            {
                if (
                    row.Spec.DeletionProtection
                    || await UnprotectedByThisRunAsync(transaction, caller, row, cancellationToken)
                )
                {
                    return Refusals.Protected(row);
                }

                row.Status = InstanceStatuses.Deleting;
                row.ShouldRun = false;
                return InstanceKinds.Delete;
            },
            cancellationToken,
            joins: InstanceKinds.Delete
        );

    /// <param name="caller">Who asks.</param>
    /// <param name="idOrName">Which instance.</param>
    /// <param name="kind">instance.start, instance.stop or instance.restart.</param>
    /// <param name="tag">If-Match.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task<Outcome<Submitted>> ActAsync(
        Caller caller,
        string idOrName,
        string kind,
        EntityTag tag,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            caller,
            idOrName,
            tag,
            (_, row) =>
            {
                var allowed = kind switch
                {
                    InstanceKinds.Start => row.Status
                        is InstanceStatuses.Stopped
                            or InstanceStatuses.Failed
                            or InstanceStatuses.Available,
                    InstanceKinds.Stop => row.Status
                        is InstanceStatuses.Available
                            or InstanceStatuses.Failed
                            or InstanceStatuses.Stopped,
                    _ => row.Status is InstanceStatuses.Available,
                };
                if (!allowed)
                {
                    return Task.FromResult<Outcome<string>>(
                        Refusals.WrongStatus(row, $"{kind} is not possible now")
                    );
                }

                // What is already so needs no operation.
                if (
                    (kind == InstanceKinds.Start && row.Status == InstanceStatuses.Available)
                    || (kind == InstanceKinds.Stop && row.Status == InstanceStatuses.Stopped)
                )
                {
                    return Task.FromResult<Outcome<string>>("");
                }

                row.ShouldRun = kind != InstanceKinds.Stop;
                row.Status = InstanceStatuses.Updating;
                return Task.FromResult<Outcome<string>>(kind);
            },
            cancellationToken
        );

    public Task<Outcome<Submitted>> RotateAsync(
        Caller caller,
        string idOrName,
        EntityTag tag,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            caller,
            idOrName,
            tag,
            (_, row) =>
            {
                if (row.Status != InstanceStatuses.Available)
                {
                    return Task.FromResult<Outcome<string>>(
                        Refusals.WrongStatus(
                            row,
                            "its credentials can be rotated while it is available"
                        )
                    );
                }

                row.Generation++;
                row.Status = InstanceStatuses.Updating;
                return Task.FromResult<Outcome<string>>(InstanceKinds.Rotate);
            },
            cancellationToken
        );

    /// <summary>The provider knows the instance now; from here on a create of its name is a conflict.</summary>
    public async Task<Outcome<Done>> AcknowledgeAsync(
        Caller caller,
        string idOrName,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        if (
            await InstanceStore.FindAsync(transaction, caller.Tenant, idOrName, cancellationToken)
            is not { } row
        )
        {
            return Refusals.NotFound(idOrName);
        }

        if (!row.Acknowledged)
        {
            row.Acknowledged = true;
            await events.AppendAsync(
                transaction,
                EventDraft.By(
                    caller,
                    "instance.acknowledged",
                    $"{row.Name} is known to {(caller.ClientKind.Length > 0 ? caller.ClientKind : "its creator")}."
                ) with
                {
                    ResourceId = row.InstanceId.ToString(),
                },
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
        }

        return Done.Value;
    }
}
