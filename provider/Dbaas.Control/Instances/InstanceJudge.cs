using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances;

/// <summary>
/// What an instance's status, its protection and its key forbid. The dry run and the real call both ask here, so that a plan never
/// promises what the call refuses.
/// </summary>
internal static class InstanceJudge
{
    public const string Update = "update";
    public const string Delete = "delete";
    public const string Start = "start";
    public const string Stop = "stop";
    public const string Restart = "restart";
    public const string Rotate = "rotate";

    public static IReadOnlyList<string> Actions { get; } =
    [Update, Delete, Start, Stop, Restart, Rotate];

    /// <summary>Null when the action may go on; pure. Whether another operation is under way is the caller's to judge.</summary>
    /// <param name="row">The instance.</param>
    /// <param name="action">One of <see cref="Actions"/>.</param>
    /// <param name="key">Its customer key as last seen; needed for start and restart, the start itself asks the key service.</param>
    public static Problem? Refusal(InstanceRow row, string action, CustomerKeyRow? key)
    {
        var status = row.Status;
        return action switch
        {
            Update when status is InstanceStatuses.Failed or InstanceStatuses.Deleting =>
                Refusals.WrongStatus(row, "start or delete it first"),
            Delete when row.Spec.DeletionProtection => Refusals.Protected(row),
            Rotate when status is not InstanceStatuses.Available => Refusals.WrongStatus(
                row,
                "its credentials can be rotated while it is available"
            ),
            // What is already so needs no operation, and no key.
            Start when status is InstanceStatuses.Available => null,
            Start when status is not (InstanceStatuses.Stopped or InstanceStatuses.Failed) =>
                Refusals.WrongStatus(row, "instance.start is not possible now"),
            Stop
                when status
                    is not (
                        InstanceStatuses.Available
                        or InstanceStatuses.Failed
                        or InstanceStatuses.Stopped
                    ) => Refusals.WrongStatus(row, "instance.stop is not possible now"),
            Restart when status is not InstanceStatuses.Available => Refusals.WrongStatus(
                row,
                "instance.restart is not possible now"
            ),
            Start or Restart when key is not null && KeyStates.WhyLocked(key.State) is { } why =>
                new Problem(
                    key.State == KeyStates.Denied ? "key.access_denied" : "key.disabled",
                    409,
                    $"{row.Name} cannot start: its customer key {key.Alias} {why}. It starts by itself when the key can be used again."
                ),
            _ => null,
        };
    }

    /// <summary>The customer key of an instance, as last seen.</summary>
    public static Task<CustomerKeyRow> KeyAsync(
        MetadataTransaction transaction,
        InstanceRow row,
        CancellationToken cancellationToken
    ) =>
        transaction
            .Db.Set<CustomerKeyRow>()
            .AsNoTracking()
            .SingleAsync(key => key.KeyId == row.KeyId, cancellationToken);
}
