using Dbaas.Client.Instances;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

/// <content>What is refused before anybody else is kept waiting.</content>
internal sealed partial class InstanceDesk
{
    /// <summary>What can be said before the lock that all changes share. Behind a running operation the row may still become another.</summary>
    private async Task<Problem?> RefusedByRulesAsync(
        Caller caller,
        string idOrName,
        Func<InstanceSpec, Outcome<InstanceInputs>> inputs,
        EntityTag tag,
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

        if (row.OperationId is not null)
        {
            return null;
        }

        if (tag.Check(row.Version) is { } stale)
        {
            return stale;
        }

        var wanted = inputs(row.Spec);
        return wanted.Succeeded ? checks.Refuse(wanted.Value, row) : wanted.Problem;
    }
}
