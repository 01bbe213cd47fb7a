using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Client.Audit;
using Dbaas.Client.Catalogue;
using Dbaas.Control.Http.Paging;
using Dbaas.Control.Identity;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Audit;

/// <summary>Reads the audit trail of a tenant, newest first.</summary>
internal sealed class AuditTrail(
    ITenantTransactions tenants,
    IPlatformTransactions platform,
    ICursors cursors
)
{
    /// <param name="ofPlatform">The events that belong to no tenant instead of the tenant's.</param>
    public async Task<Outcome<Page<AuditEventView>>> ListAsync(
        Caller caller,
        AuditFilter filter,
        bool ofPlatform,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var list = (ofPlatform ? "platform-" : "") + filter.Key;
        var size = cursors.Limit(limit);
        var position = cursors.Read(caller.Tenant, list, cursor);
        if (!size.Succeeded || !position.Succeeded)
        {
            return size.Problem ?? position.Problem!;
        }

        await using MetadataTransaction transaction = ofPlatform
            ? await platform.BeginAsync(cancellationToken)
            : await tenants.BeginAsync(caller.Tenant, cancellationToken);
        var rows = transaction.Db.Set<EventRow>().AsNoTracking().Where(row => row.Audit);
        rows = ofPlatform
            ? rows.Where(row => row.TenantId == null)
            : rows.Where(row => row.TenantId == caller.Tenant);
        if (position.Value.After is { } after)
        {
            var before = long.Parse(after, CultureInfo.InvariantCulture);
            rows = rows.Where(row => row.Sequence < before);
        }

        var found = await Apply(rows, filter)
            .OrderByDescending(row => row.Sequence)
            .Take(size.Value + 1)
            .ToListAsync(cancellationToken);
        var page = found.Take(size.Value).ToArray();
        return new Page<AuditEventView>(
            [.. page.Select(View)],
            found.Count > size.Value
                ? cursors.Write(
                    caller.Tenant,
                    list,
                    page[^1].Sequence.ToString(CultureInfo.InvariantCulture)
                )
                : null
        );
    }

    private static IQueryable<EventRow> Apply(IQueryable<EventRow> rows, AuditFilter filter)
    {
        if (filter.Resource is { } resource)
        {
            rows = rows.Where(row => row.ResourceId == resource);
        }

        if (filter.Operation is { } operation)
        {
            rows = rows.Where(row => row.OperationId == operation);
        }

        if (filter.Kind is { } kind)
        {
            rows = kind.EndsWith('.')
                ? rows.Where(row => row.Kind.StartsWith(kind))
                : rows.Where(row => row.Kind == kind);
        }

        if (filter.Principal is { } principal)
        {
            rows = rows.Where(row => row.Principal == principal);
        }

        if (filter.Since?.ToUniversalTime() is { } since)
        {
            rows = rows.Where(row => row.At >= since);
        }

        if (filter.Until?.ToUniversalTime() is { } until)
        {
            rows = rows.Where(row => row.At < until);
        }

        return rows;
    }

    private static AuditEventView View(EventRow row) =>
        new()
        {
            Id = row.EventId.ToString(),
            At = row.At,
            Kind = row.Kind,
            Severity = row.Severity,
            Principal = row.Principal,
            ResourceId = row.ResourceId,
            OperationId = row.OperationId,
            RequestId = row.RequestId,
            Message = row.Message,
            Data = row.Data as JsonObject,
        };
}
