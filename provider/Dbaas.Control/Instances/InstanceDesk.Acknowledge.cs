using Dbaas.Control.Audit;
using Dbaas.Control.Identity;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

/// <content>What a tool says once it has written down what it made.</content>
internal sealed partial class InstanceDesk
{
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
