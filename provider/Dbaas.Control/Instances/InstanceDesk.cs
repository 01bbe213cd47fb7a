using Dbaas.Client.Instances;
using Dbaas.Control.Capacity;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
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
        if (
            await RefusedByRulesAsync(caller, idOrName, inputs, tag, cancellationToken) is
            { } refused
        )
        {
            return refused;
        }

        Outcome<Submitted> outcome;
        var started = time.GetTimestamp();
        long? generation = null;
        while (true)
        {
            string running;
            var hosts = await AskHostsAsync(caller, idOrName, inputs, cancellationToken);
            using (await TurnAsync(cancellationToken))
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

                // The end of the operation that was waited for changes the version too, and that is nobody else's change.
                if (row.Generation != generation && tag.Check(row.Version) is { } stale)
                {
                    return stale;
                }

                generation = row.Generation;
                if (row.OperationId is null)
                {
                    if (
                        hosts is null
                        && inputs(row.Spec) is { Succeeded: true } wanted
                        && InstanceChecks.NeedsHosts(row, wanted.Value)
                    )
                    {
                        // Somebody has changed it since hosts were not asked: they are asked now, with nothing held.
                        continue;
                    }

                    outcome = await UpdateRowAsync(
                        transaction,
                        caller,
                        row,
                        inputs,
                        hosts ?? HostAnswers.None,
                        cancellationToken
                    );
                    break;
                }

                running = row.OperationId;
                if (time.GetElapsedTime(started) >= s_queue)
                {
                    return Refusals.Busy(row);
                }
            }

            await EndOfAsync(
                caller,
                running,
                s_queue - time.GetElapsedTime(started),
                cancellationToken
            );
        }

        if (outcome.Succeeded)
        {
            await DispatchAsync(caller.Tenant, outcome.Value, cancellationToken);
        }

        return outcome;
    }

    /// <summary>
    /// A change behind a running operation waits for its end here: a run that took over a create at once sends its own inputs, and its
    /// user cannot know that there is something to wait for. No transaction and no lock is held meanwhile.
    /// </summary>
    private async Task EndOfAsync(
        Caller caller,
        string operation,
        TimeSpan wait,
        CancellationToken cancellationToken
    ) =>
        _ = await reader.WaitAsync(
            caller,
            OperationId.Parse(operation, null),
            wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
            cancellationToken
        );

    /// <summary>What the hosts say, asked before anything is locked; null when the change needs nothing of them.</summary>
    private async Task<HostAnswers?> AskHostsAsync(
        Caller caller,
        string idOrName,
        Func<InstanceSpec, Outcome<InstanceInputs>> inputs,
        CancellationToken cancellationToken
    )
    {
        InstanceRow? row;
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            row = await InstanceStore.FindAsync(
                transaction,
                caller.Tenant,
                idOrName,
                cancellationToken
            );
        }

        return
            row is not null
            && inputs(row.Spec) is { Succeeded: true } wanted
            && InstanceChecks.NeedsHosts(row, wanted.Value)
            ? await checks.AskHostsAsync(row, wanted.Value, cancellationToken)
            : null;
    }

    private async Task<Outcome<Submitted>> UpdateRowAsync(
        PlatformTransaction transaction,
        Caller caller,
        InstanceRow row,
        Func<InstanceSpec, Outcome<InstanceInputs>> inputs,
        HostAnswers hosts,
        CancellationToken cancellationToken
    )
    {
        var wanted = inputs(row.Spec);
        if (!wanted.Succeeded)
        {
            return wanted.Problem;
        }

        var outcome = await UpdateInAsync(
            transaction,
            caller,
            row,
            wanted.Value,
            hosts,
            cancellationToken
        );
        if (outcome.Succeeded)
        {
            await transaction.CommitAsync(cancellationToken);
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
                if (InstanceJudge.Refusal(row, InstanceJudge.Delete, key: null) is { } refused)
                {
                    return refused;
                }

                if (await UnprotectedByThisRunAsync(transaction, caller, row, cancellationToken))
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
            async (transaction, row) =>
            {
                var key = await InstanceJudge.KeyAsync(transaction, row, cancellationToken);
                if (InstanceJudge.Refusal(row, kind.Split('.')[1], key) is { } refused)
                {
                    return refused;
                }

                if (kind == InstanceKinds.Stop && row.Status == InstanceStatuses.Stopped)
                {
                    // Stopped for its key's sake, it would start when the key comes back; now it stays.
                    row.ShouldRun = false;
                    row.StatusReason = "";
                }

                // What is already so needs no operation.
                if (
                    (kind == InstanceKinds.Start && row.Status == InstanceStatuses.Available)
                    || (kind == InstanceKinds.Stop && row.Status == InstanceStatuses.Stopped)
                )
                {
                    return "";
                }

                row.ShouldRun = kind != InstanceKinds.Stop;
                row.Status = InstanceStatuses.Updating;
                return kind;
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
                if (InstanceJudge.Refusal(row, InstanceJudge.Rotate, key: null) is { } refused)
                {
                    return Task.FromResult<Outcome<string>>(refused);
                }

                row.Generation++;
                row.Status = InstanceStatuses.Updating;
                return Task.FromResult<Outcome<string>>(InstanceKinds.Rotate);
            },
            cancellationToken
        );
}
