using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Protocol.Agent;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// Tells people what agents and hosts see: one event for each happening, and the instance's status as long as it matters. What was told is
/// looked up in the events, so that neither a restart of this process nor an operation in between tells it twice.
/// </summary>
internal sealed class InstanceConditions(
    IPlatformTransactions platform,
    IEventWriter events,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<InstanceId, Memory> _memory = [];

    /// <param name="seen">The instance as it was read.</param>
    /// <param name="health">Its agent's last word; null when it has said nothing yet.</param>
    /// <param name="kills">Processes of its machines that the kernel ended for their memory, counted since the machines started.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task TellAsync(
        InstanceRow seen,
        AgentHealth? health,
        long kills,
        CancellationToken cancellationToken
    )
    {
        var memory = _memory.GetValueOrDefault(seen.InstanceId);
        // A lower count is a new machine's. A count seen for the first time may be an old one.
        var fresh =
            memory is null ? 0
            : kills < memory.Kills ? kills
            : kills - memory.Kills;
        var condition = Condition.Of(health, fresh, time.GetUtcNow());
        if (
            memory is { Kind: Condition.OutOfMemory }
            && fresh == 0
            && condition is { Lasts: false } same
            && same.Since == memory.Since
        )
        {
            // The cause was found in the host's count and must not be forgotten at the next look.
            condition = same with
            {
                Kind = Condition.OutOfMemory,
                Message = memory.Message,
            };
        }

        if (
            memory is not null
            && memory.Kind == condition?.Kind
            && memory.Since == condition?.Since
            && (condition is null || StatusWords.Of(seen.StatusReason).Known == condition.Message)
        )
        {
            _memory[seen.InstanceId] = memory with { Kills = kills };
            return;
        }

        if (health is not null && await WriteAsync(seen, condition, cancellationToken))
        {
            _memory[seen.InstanceId] = new(
                kills,
                condition?.Kind,
                condition?.Since,
                condition?.Message ?? ""
            );
        }
    }

    /// <returns>False when somebody else changed the instance meanwhile; the next look tries again.</returns>
    private async Task<bool> WriteAsync(
        InstanceRow seen,
        Condition? condition,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        var row = await transaction
            .Db.Set<InstanceRow>()
            .SingleOrDefaultAsync(
                r =>
                    r.InstanceId == seen.InstanceId
                    && r.Version == seen.Version
                    && r.OperationId == null
                    && r.Status == InstanceStatuses.Available,
                cancellationToken
            );
        if (row is null)
        {
            return false;
        }

        var words = StatusWords.Of(row.StatusReason);
        var resource = row.InstanceId.ToString();
        var told = await transaction
            .Db.Set<EventRow>()
            .AsNoTracking()
            .Where(e =>
                e.ResourceId == resource
                && (Condition.Kinds.Contains(e.Kind) || e.Kind == Condition.Ended)
            )
            .OrderByDescending(e => e.Sequence)
            .FirstOrDefaultAsync(cancellationToken);
        if (condition is not null)
        {
            var since = condition.Since.ToString("O", CultureInfo.InvariantCulture);
            if (told?.Kind != condition.Kind || (string?)told.Data?["since"] != since)
            {
                await AppendAsync(
                    transaction,
                    row,
                    condition.Kind,
                    "warning",
                    condition.Message,
                    new() { ["since"] = since },
                    cancellationToken
                );
            }

            row.StatusReason = (words with { Known = condition.Message }).ToString();
        }
        else if (told is not null && told.Kind != Condition.Ended)
        {
            // Only what was told here is taken back: a reason of somebody else's stays.
            if (told.Message.EndsWith(words.Known, StringComparison.Ordinal))
            {
                row.StatusReason = (words with { Known = "" }).ToString();
            }

            // Also where the operation that mended it has cleared the status already: a growth does.
            if (told.Kind is Condition.VolumeFull or Condition.StorageSlow)
            {
                await AppendAsync(
                    transaction,
                    row,
                    Condition.Ended,
                    "info",
                    $"No longer so: {told.Kind}.",
                    null,
                    cancellationToken
                );
            }
        }

        await transaction.Db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private Task AppendAsync(
        MetadataTransaction transaction,
        InstanceRow row,
        string kind,
        string severity,
        string message,
        JsonObject? data,
        CancellationToken cancellationToken
    ) =>
        events.AppendAsync(
            transaction,
            new EventDraft(kind, $"{row.Name}: {message}")
            {
                Severity = severity,
                ResourceId = row.InstanceId.ToString(),
                Tenant = row.TenantId,
                Data = data,
            },
            cancellationToken
        );

    private sealed record Memory(long Kills, string? Kind, DateTimeOffset? Since, string Message);
}
