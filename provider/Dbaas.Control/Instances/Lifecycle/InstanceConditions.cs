using System.Collections.Concurrent;
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
        if (health is null)
        {
            return;
        }

        var memory = _memory.GetValueOrDefault(seen.InstanceId);
        var now = time.GetUtcNow();
        // A count seen for the first time may be an old one.
        var (condition, past, span) = Findings.Of(health, memory?.SpanOf(kills), now);
        var newest = past.Count > 0 ? past.Max(one => one.Since) : (DateTimeOffset?)null;
        if (
            memory is not null
            && memory.Kind == condition?.Kind
            && memory.Since == condition?.Since
            && (newest is null || newest <= memory.Newest)
            && (condition is null || StatusWords.Of(seen.StatusReason).Known == memory.Message)
        )
        {
            _memory[seen.InstanceId] = memory with { Kills = kills, Span = span, LookedAt = now };
            return;
        }

        if (await WriteAsync(seen, condition, past, cancellationToken) is { } message)
        {
            _memory[seen.InstanceId] = new(
                kills,
                span,
                condition?.Kind,
                condition?.Since,
                message,
                newest,
                now
            );
        }
    }

    /// <summary>Lets go of instances that were not looked at for so long that they must be gone or at rest.</summary>
    public void Prune()
    {
        var before = time.GetUtcNow() - Condition.Kept;
        foreach (var (id, _) in _memory.Where(entry => entry.Value.LookedAt < before))
        {
            _memory.TryRemove(id, out _);
        }
    }

    /// <returns>
    /// What the status says of the database now; null when somebody else changed the instance meanwhile, and the next look tries again.
    /// </returns>
    private async Task<string?> WriteAsync(
        InstanceRow seen,
        Condition? condition,
        IReadOnlyList<Condition> past,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        // Locked, because what was told is read before it is told, and another silo may look at the same time.
        var rows = await transaction
            .Db.Set<InstanceRow>()
            .FromSql(
                $"""
                SELECT * FROM instance WHERE instance_id = {seen.InstanceId.ToString()} AND version = {seen.Version}
                  AND operation_id IS NULL AND status = {InstanceStatuses.Available} FOR UPDATE
                """
            )
            .ToListAsync(cancellationToken);
        if (rows is not [var row])
        {
            return null;
        }

        var told = await ToldAsync(transaction, row, cancellationToken);
        // A change may have ended what the agent says before anybody asked; what happened is told all the same.
        foreach (var happening in past.Where(p => p.Since != condition?.Since && !told.Knows(p)))
        {
            await AppendAsync(transaction, row, happening, cancellationToken);
        }

        // Also where the operation that mended it has cleared the status already: a growth does.
        if (told.Lasting is { } over && over.Kind != condition?.Kind)
        {
            await AppendAsync(
                transaction,
                row,
                Condition.Ended,
                "info",
                $"No longer so: {over.Kind}.",
                null,
                cancellationToken
            );
        }

        if (condition is not null && !told.Tells(condition))
        {
            await AppendAsync(transaction, row, condition, cancellationToken);
        }

        // Only what was told here is taken back: a reason of somebody else's stays.
        var words = StatusWords.Of(row.StatusReason);
        if (condition is not null || told.Said(words.Known))
        {
            words = words with { Known = condition is null ? "" : told.WordsOf(condition) };
            row.StatusReason = words.ToString();
        }

        await transaction.Db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return words.Known;
    }

    /// <summary>Read for each change of what there is to tell, which is rare.</summary>
    private static async Task<ToldConditions> ToldAsync(
        MetadataTransaction transaction,
        InstanceRow row,
        CancellationToken cancellationToken
    )
    {
        var resource = row.InstanceId.ToString();
        // The tenant is part of the index.
        var events = transaction
            .Db.Set<EventRow>()
            .AsNoTracking()
            .Where(e => e.TenantId == row.TenantId && e.ResourceId == resource)
            .OrderByDescending(e => e.Sequence);
        var recent = await events
            .Where(e => Condition.Kinds.Contains(e.Kind))
            .Take(ToldConditions.Recalled)
            .ToListAsync(cancellationToken);
        var last = await events
            .Where(e => Condition.Lasting.Contains(e.Kind) || e.Kind == Condition.Ended)
            .FirstOrDefaultAsync(cancellationToken);
        return new(recent, last?.Kind == Condition.Ended ? null : last);
    }

    private Task AppendAsync(
        MetadataTransaction transaction,
        InstanceRow row,
        Condition condition,
        CancellationToken cancellationToken
    ) =>
        AppendAsync(
            transaction,
            row,
            condition.Kind,
            "warning",
            condition.Message,
            new() { ["since"] = ToldConditions.Since(condition) },
            cancellationToken
        );

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
            new EventDraft(kind, $"{row.Name}{ToldConditions.Between}{message}")
            {
                Severity = severity,
                ResourceId = row.InstanceId.ToString(),
                Tenant = row.TenantId,
                Data = data,
            },
            cancellationToken
        );

    /// <param name="Kills">The host's count at the last look.</param>
    /// <param name="Span">Of the last kills.</param>
    /// <param name="Kind">Of what the agent said last; null for nothing.</param>
    /// <param name="Since">When that happened or began.</param>
    /// <param name="Message">What the status said of the database after the last change of it.</param>
    /// <param name="Newest">Until when everything that happened was told.</param>
    /// <param name="LookedAt">When the instance was looked at last.</param>
    private sealed record Memory(
        long Kills,
        KillSpan? Span,
        string? Kind,
        DateTimeOffset? Since,
        string Message,
        DateTimeOffset? Newest,
        DateTimeOffset LookedAt
    )
    {
        /// <summary>The kills that matter now, when the host counts so many. A lower count is a new machine's.</summary>
        public KillSpan? SpanOf(long kills) =>
            kills == Kills || kills == 0 || Span is { To: null } ? Span : new(LookedAt, null);
    }
}
