using Dbaas.Client.Catalogue;
using Dbaas.Client.Tenancy;
using Dbaas.Control.ApiKeys;
using Dbaas.Control.Audit;
using Dbaas.Control.Http.Paging;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Tenancy;

/// <summary>Works across tenants by nature: its caller's rights decide what is shown.</summary>
internal sealed class Tenants(
    IPlatformTransactions platform,
    IEventWriter events,
    IApiKeyIssuer keys,
    ICursors cursors,
    IOptions<TenancyOptions> options,
    TimeProvider time
) : ITenants
{
    private const string WriteRight = "tenant:write";

    public async Task<Outcome<Page<TenantView>>> ListAsync(
        Caller caller,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var size = cursors.Limit(limit);
        var position = cursors.Read(caller.Tenant, "tenants", cursor);
        if (!size.Succeeded || !position.Succeeded)
        {
            return size.Problem ?? position.Problem!;
        }

        await using var transaction = await platform.BeginAsync(cancellationToken);
        var rows = await Visible(transaction, caller)
            .Where(row =>
                position.Value.After == null || string.Compare(row.Name, position.Value.After) > 0
            )
            .OrderBy(row => row.Name)
            .Take(size.Value + 1)
            .Join(
                transaction.Db.Set<QuotaRow>(),
                row => row.TenantId,
                quota => quota.TenantId,
                (row, quota) => new { row, quota }
            )
            .OrderBy(both => both.row.Name)
            .ToListAsync(cancellationToken);
        var page = rows.Take(size.Value).Select(both => View(both.row, both.quota)).ToArray();
        return new Page<TenantView>(
            page,
            rows.Count > size.Value ? cursors.Write(caller.Tenant, "tenants", page[^1].Name) : null
        );
    }

    public async Task<Outcome<TenantView>> GetAsync(
        Caller caller,
        string idOrName,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        return await FindAsync(transaction, caller, idOrName, cancellationToken) is var (row, quota)
            ? View(row, quota)
            : NotFound();
    }

    public async Task<Outcome<CreatedTenantView>> CreateAsync(
        Caller caller,
        CreateTenantRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!ResourceName.IsValid(request.Name))
        {
            return new Problem(
                "tenant.name_invalid",
                422,
                "A tenant's name is 1 to 63 lower-case letters, digits and single hyphens, starting with a letter.",
                "/name",
                ResourceName.Pattern
            );
        }

        if (request.Quota is { } asked && Refuse(asked, "/quota") is { } refused)
        {
            return refused;
        }

        await using var transaction = await platform.BeginAsync(cancellationToken);
        var defaults = options.Value;
        var tenant = new TenantRow
        {
            TenantId = TypedId.New<TenantId>(time),
            Name = request.Name!,
            CreatedAt = time.GetUtcNow(),
        };
        var quota = new QuotaRow
        {
            TenantId = tenant.TenantId,
            Instances = request.Quota?.Instances ?? defaults.Instances,
            Cpu = request.Quota?.Cpu ?? defaults.Cpu,
            MemoryGib = request.Quota?.MemoryGib ?? defaults.MemoryGib,
            StorageGib = request.Quota?.StorageGib ?? defaults.StorageGib,
        };
        transaction.Db.Add(tenant);
        try
        {
            await transaction.Db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e)
            when (e.InnerException
                    is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
            )
        {
            return new Problem(
                "tenant.name_taken",
                409,
                $"There is a tenant named {request.Name} already.",
                "/name"
            );
        }

        transaction.Db.Add(quota);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        var key = await keys.IssueAsync(
            transaction,
            new KeyIssue(tenant.TenantId, "owner", ["owner"], null),
            cancellationToken
        );
        await events.AppendAsync(
            transaction,
            EventDraft.By(caller, "tenant.created", $"Tenant {tenant.Name} was created.") with
            {
                Tenant = tenant.TenantId,
                ResourceId = tenant.TenantId.ToString(),
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return new CreatedTenantView(View(tenant, quota), key);
    }

    public async Task<Outcome<TenantView>> SetQuotaAsync(
        Caller caller,
        string idOrName,
        QuotaView quota,
        CancellationToken cancellationToken
    )
    {
        if (Refuse(quota, "") is { } refused)
        {
            return refused;
        }

        await using var transaction = await platform.BeginAsync(cancellationToken);
        if (
            await FindAsync(transaction, caller, idOrName, cancellationToken)
            is not var (row, current)
        )
        {
            return NotFound();
        }

        current.Instances = quota.Instances;
        current.Cpu = quota.Cpu;
        current.MemoryGib = quota.MemoryGib;
        current.StorageGib = quota.StorageGib;
        await events.AppendAsync(
            transaction,
            EventDraft.By(
                caller,
                "tenant.quota.changed",
                $"The quota of {row.Name} was changed."
            ) with
            {
                Tenant = row.TenantId,
                ResourceId = row.TenantId.ToString(),
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return View(row, current);
    }

    private static async Task<(TenantRow, QuotaRow)?> FindAsync(
        PlatformTransaction transaction,
        Caller caller,
        string idOrName,
        CancellationToken cancellationToken
    )
    {
        var wanted = TypedId.TryParse(idOrName, out TenantId id) ? id : (TenantId?)null;
        var row = await Visible(transaction, caller)
            .SingleOrDefaultAsync(
                tenant => wanted == null ? tenant.Name == idOrName : tenant.TenantId == wanted,
                cancellationToken
            );
        return row is null
            ? null
            : (
                row,
                await transaction
                    .Db.Set<QuotaRow>()
                    .SingleAsync(quota => quota.TenantId == row.TenantId, cancellationToken)
            );
    }

    private static IQueryable<TenantRow> Visible(PlatformTransaction transaction, Caller caller)
    {
        var tenants = transaction.Db.Set<TenantRow>().AsQueryable();
        if (caller.Rights.Allows(WriteRight))
        {
            return tenants;
        }

        var bindings = transaction
            .Db.Set<BindingRow>()
            .Where(binding => binding.PrincipalId == caller.Principal);
        return tenants.Where(tenant =>
            bindings.Any(binding => binding.TenantId == tenant.TenantId)
        );
    }

    private static Problem? Refuse(QuotaView quota, string pointer) =>
        !Fits(quota.Instances)
        || !Fits(quota.Cpu)
        || !Fits(quota.MemoryGib)
        || !Fits(quota.StorageGib)
            ? new Problem(
                "tenant.quota_invalid",
                422,
                "A quota's amounts are 0 to 1000000.",
                pointer,
                "0 to 1000000"
            )
            : null;

    /// <summary>A million of anything is more than a platform has, and far from where a sum of bytes overflows.</summary>
    private static bool Fits(double amount) => amount is >= 0 and <= 1_000_000;

    private static Problem NotFound() =>
        new("tenant.not_found", 404, "No tenant of that id or name.");

    private static TenantView View(TenantRow row, QuotaRow quota) =>
        new(row.TenantId.ToString(), row.Name, quota.ToView(), row.CreatedAt);
}
