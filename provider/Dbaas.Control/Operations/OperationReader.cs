using Dbaas.Client.Catalogue;
using Dbaas.Client.Operations;
using Dbaas.Control.Audit;
using Dbaas.Control.Http.Paging;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Dbaas.Control.Operations;

/// <summary>Operations as users see them.</summary>
internal sealed class OperationReader(
    ITenantTransactions tenants,
    OperationSignals signals,
    RunLeases leases,
    Workflows workflows,
    ICursors cursors,
    IEventWriter events,
    TimeProvider time
)
{
    public async Task<Outcome<Page<OperationView>>> ListAsync(
        Caller caller,
        string? resource,
        string? state,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        if (state is not null && !OperationStates.All.Contains(state))
        {
            return new Problem(
                OperationProblems.FilterInvalid,
                400,
                $"state is one of {string.Join(", ", OperationStates.All)}."
            );
        }

        var list = $"operations?resource={resource}&state={state}";
        var position = cursors.Read(caller.Tenant, list, cursor);
        var count = cursors.Limit(limit);
        if (!position.Succeeded || !count.Succeeded)
        {
            return (position.Problem ?? count.Problem)!;
        }

        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        var all = transaction.Db.Set<OperationRow>();
        // Ids sort by time, as text and as UUID: newest first. A typed id has no order in LINQ, so the page begins in SQL.
        var rows = (
            position.Value.After is { } after && TypedId.TryParse<OperationId>(after, out var last)
                ? all.FromSql($"SELECT * FROM operation WHERE operation_id < {last.ToString()}")
                : all
        )
            .AsNoTracking()
            .Where(row => row.TenantId == caller.Tenant);
        if (resource is not null)
        {
            rows = rows.Where(row => row.ResourceId == resource || row.ResourceName == resource);
        }

        if (state is not null)
        {
            rows = rows.Where(row => row.State == state);
        }

        var page = await rows.OrderByDescending(row => row.OperationId)
            .Take(count.Value + 1)
            .ToListAsync(cancellationToken);
        var shown = page.Take(count.Value).ToList();
        var ids = shown.Select(row => row.OperationId).ToList();
        var steps = await transaction
            .Db.Set<OperationStepRow>()
            .AsNoTracking()
            .Where(step => step.TenantId == caller.Tenant && ids.Contains(step.OperationId))
            .ToListAsync(cancellationToken);
        return new Page<OperationView>(
            [
                .. shown.Select(row =>
                    OperationViews.Of(
                        row,
                        steps.Where(step => step.OperationId == row.OperationId),
                        workflows
                    )
                ),
            ],
            page.Count > count.Value
                ? cursors.Write(caller.Tenant, list, shown[^1].OperationId.ToString())
                : null
        );
    }

    /// <summary>Null when there is none in the tenant.</summary>
    public async Task<OperationView?> FindAsync(
        TenantId tenant,
        OperationId id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        var row = await transaction
            .Db.Set<OperationRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                r => r.TenantId == tenant && r.OperationId == id,
                cancellationToken
            );
        if (row is null)
        {
            return null;
        }

        var steps = await transaction
            .Db.Set<OperationStepRow>()
            .AsNoTracking()
            .Where(step => step.TenantId == tenant && step.OperationId == id)
            .ToListAsync(cancellationToken);
        return OperationViews.Of(row, steps, workflows);
    }

    /// <summary>Answers when the operation has ended or the time is up; the caller's run keeps its lease meanwhile.</summary>
    public async Task<Outcome<OperationView>> WaitAsync(
        Caller caller,
        OperationId id,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        long? renewed = null;
        using var watch = signals.Follow(id.ToString());
        while (true)
        {
            var changed = watch.Next;
            if (
                await GlanceAsync(caller.Tenant, id, cancellationToken) is not var (resource, state)
            )
            {
                return NotFound(id.ToString());
            }

            if (renewed is not { } last || time.GetElapsedTime(last) >= s_renew)
            {
                renewed = time.GetTimestamp();
                await leases.RenewAsync(caller, resource, cancellationToken);
            }

            var left = wait - time.GetElapsedTime(started);
            if (OperationStates.HasEnded(state) || left <= TimeSpan.Zero)
            {
                return await FindAsync(caller.Tenant, id, cancellationToken) is { } view
                    ? view
                    : NotFound(id.ToString());
            }

            await Task.WhenAny(
                changed,
                Task.Delay(left < s_look ? left : s_look, time, cancellationToken)
            );
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>What a waiting request has to know after each step, in one trip to the database. Null when there is none in the tenant.</summary>
    private async Task<(string ResourceId, string State)?> GlanceAsync(
        TenantId tenant,
        OperationId id,
        CancellationToken cancellationToken
    )
    {
        await using var reading = await tenants.ReadAsync(
            tenant,
            [
                new NpgsqlBatchCommand(
                    "SELECT resource_id, state FROM operation WHERE tenant_id = $1 AND operation_id = $2"
                )
                {
                    Parameters =
                    {
                        new NpgsqlParameter { Value = tenant.ToString() },
                        new NpgsqlParameter { Value = id.ToString() },
                    },
                },
            ],
            cancellationToken
        );
        await reading.NextAsync(cancellationToken);
        return await reading.Rows.ReadAsync(cancellationToken)
            ? (reading.Rows.GetString(0), reading.Rows.GetString(1))
            : null;
    }

    public async Task<Outcome<OperationView>> CancelAsync(
        Caller caller,
        OperationId id,
        CancellationToken cancellationToken
    )
    {
        await using (var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken))
        {
            var row = await transaction
                .Db.Set<OperationRow>()
                .SingleOrDefaultAsync(
                    r => r.TenantId == caller.Tenant && r.OperationId == id,
                    cancellationToken
                );
            if (row is null)
            {
                return NotFound(id.ToString());
            }

            if (!OperationViews.Cancellable(row, workflows))
            {
                return new Problem(
                    OperationProblems.NotCancellable,
                    409,
                    $"The operation is {row.State} in {row.CurrentStep} and cannot be cancelled there."
                );
            }

            row.CancelRequestedAt ??= time.GetUtcNow();
            await events.AppendAsync(
                transaction,
                EventDraft.By(
                    caller,
                    "operation.cancel.requested",
                    $"{row.Kind} of {row.ResourceName} shall be cancelled."
                ) with
                {
                    ResourceId = row.ResourceId,
                    OperationId = id.ToString(),
                },
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
        }

        return (await FindAsync(caller.Tenant, id, cancellationToken))!;
    }

    public static Problem NotFound(string id) =>
        new(OperationProblems.NotFound, 404, $"There is no operation {Http.Printable.Of(id)}.");

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>Often enough that one renewal may be lost.</summary>
    private static readonly TimeSpan s_renew = TimeSpan.FromSeconds(RunLeases.Seconds / 3.0);
}
