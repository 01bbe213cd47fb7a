using System.Text.Json;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances;

/// <summary>
/// What an instance's status, its protection and its key forbid. The dry run and the real call both ask here, so that a plan never
/// promises what the call refuses.
/// </summary>
internal static class InstanceJudge
{
    /// <summary>Attempts at one step: with the pauses between them a dozen seconds, in which whatever only hiccups has come back.</summary>
    private const int Hopeless = 7;

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

    /// <summary>
    /// A database that is stopped because its key is locked starts by itself with the key. A change that needs its engine or its volume can
    /// neither arrive before that nor be taken back.
    /// </summary>
    /// <returns>Null when the change may go on.</returns>
    public static Problem? Locked(InstanceRow row, CheckedUpdate judged) =>
        judged.NeedsWork && row is { Status: InstanceStatuses.Stopped, ShouldRun: true }
            ? Refusals.WrongStatus(
                row,
                "it starts by itself when its key can be used again; change it then, or stop it first"
            )
            : null;

    /// <summary>
    /// Whether a deletion may take over from the operation under way. One is taken back until that succeeds, however long; what keeps failing
    /// (its key was destroyed, its host is gone) would keep the instance for ever, so it gives way: the steps that are still to be taken back
    /// find another owner, and do nothing (ADR 0035). Protection that the very change switched off still protects.
    /// </summary>
    /// <returns>Null when it may.</returns>
    public static Problem? TakeOver(InstanceRow row, OperationRow? under) =>
        under is not { Direction: OperationStates.Undo, Attempts: >= Hopeless } ? Refusals.Busy(row)
        : under.Memory.Deserialize(InstanceJson.Default.InstanceState)?.Before
            is { DeletionProtection: true }
            ? Refusals.Protected(row)
        : null;

    /// <summary>The operation that owns the instance; null when it is not there, which only a hand in the database can bring about.</summary>
    public static Task<OperationRow?> UnderWayAsync(
        MetadataTransaction transaction,
        InstanceRow row,
        CancellationToken cancellationToken
    )
    {
        var id = OperationId.Parse(row.OperationId!, null);
        return transaction
            .Db.Set<OperationRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                operation => operation.TenantId == row.TenantId && operation.OperationId == id,
                cancellationToken
            );
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
