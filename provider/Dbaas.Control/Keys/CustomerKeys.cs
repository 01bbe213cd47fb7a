using Dbaas.Client.Catalogue;
using Dbaas.Client.Keys;
using Dbaas.Control.Audit;
using Dbaas.Control.Composition;
using Dbaas.Control.Http.Paging;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Keys;

internal sealed partial class CustomerKeys(
    ITenantTransactions tenants,
    IPlatformTransactions platform,
    IKeyServices services,
    IEventWriter events,
    ICursors cursors,
    IOptions<ControlOptions> control,
    TimeProvider time
) : ICustomerKeys
{
    public async Task<Outcome<Page<KeyView>>> ListAsync(
        Caller caller,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var size = cursors.Limit(limit);
        var position = cursors.Read(caller.Tenant, "keys", cursor);
        if (!size.Succeeded || !position.Succeeded)
        {
            return size.Problem ?? position.Problem!;
        }

        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        var after = position.Value.After ?? "";
        var rows = await transaction
            .Db.Set<CustomerKeyRow>()
            .AsNoTracking()
            .Where(key => string.Compare(key.Alias, after) > 0)
            .OrderBy(key => key.Alias)
            .Take(size.Value + 1)
            .ToListAsync(cancellationToken);
        var page = rows.Take(size.Value).Select(key => key.ToView()).ToArray();
        return new Page<KeyView>(
            page,
            rows.Count > size.Value ? cursors.Write(caller.Tenant, "keys", page[^1].Alias) : null
        );
    }

    public async Task<Outcome<KeyView>> GetAsync(
        Caller caller,
        string idOrAlias,
        CancellationToken cancellationToken
    )
    {
        CustomerKeyRow? row;
        await using (var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken))
        {
            row = await FindAsync(transaction, caller.Tenant, idOrAlias, null, cancellationToken);
        }

        return row is null
            ? new Problem("key.not_found", 404, "No key of that id or alias.")
            : row.ToView() with
            {
                State = await KeyStates.OfAsync(services, row, cancellationToken),
            };
    }

    public async Task<Outcome<KeyView>> RegisterAsync(
        Caller caller,
        RegisterKeyRequest request,
        CancellationToken cancellationToken
    )
    {
        var region = request.Region ?? control.Value.Regions[0].Name;
        if (Refuse(request, region) is { } refused)
        {
            return refused;
        }

        // Before a key is made in the key service: one that nobody can name would stay there for ever.
        if (await IsTakenAsync(caller.Tenant, request.Alias!, cancellationToken))
        {
            return Taken(request.Alias!);
        }

        var arn = request.Arn is null
            ? await MakeAsync(caller.Tenant, request.Alias!, region, cancellationToken)
            : await CheckAsync(caller.Tenant, request.Arn, region, cancellationToken);
        if (!arn.Succeeded)
        {
            return arn.Problem;
        }

        var row = new CustomerKeyRow
        {
            KeyId = TypedId.New<KeyId>(time),
            TenantId = caller.Tenant,
            Alias = request.Alias!,
            Arn = arn.Value,
            Endpoint = services.EndpointOf(region)!,
            Region = region,
            IsDefault = request.IsDefault ?? false,
            State = "enabled",
            CreatedAt = time.GetUtcNow(),
        };
        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        if (row.IsDefault)
        {
            // At most one default a region: the index holds it, the old one steps back first.
            await transaction
                .Db.Set<CustomerKeyRow>()
                .Where(key => key.Region == region && key.IsDefault)
                .ExecuteUpdateAsync(
                    key =>
                        key.SetProperty(k => k.IsDefault, false)
                            .SetProperty(k => k.Version, k => k.Version + 1),
                    cancellationToken
                );
        }

        transaction.Db.Add(row);
        try
        {
            await transaction.Db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e)
            when (e.InnerException
                    is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
            )
        {
            return Taken(row.Alias);
        }

        await events.AppendAsync(
            transaction,
            EventDraft.By(caller, "key.registered", $"Key {row.Alias} was registered.") with
            {
                ResourceId = row.KeyId.ToString(),
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return row.ToView();
    }

    public async Task<Outcome<CustomerKeyRow>> ResolveAsync(
        MetadataTransaction transaction,
        TenantId tenant,
        string? idOrAlias,
        string region,
        CancellationToken cancellationToken
    )
    {
        var row = await FindAsync(transaction, tenant, idOrAlias, region, cancellationToken);
        return row switch
        {
            null when idOrAlias is null => new Problem(
                "key.service_unavailable",
                503,
                $"The tenant has no default key in {region} yet; it is being made."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
            null => new Problem(
                "key.unknown",
                422,
                "No key of that id or alias is registered with the tenant.",
                "/kmsKeyId"
            ),
            _ when row.Region != region => new Problem(
                "key.wrong_region",
                422,
                $"The key {row.Alias} is registered for {row.Region}.",
                "/kmsKeyId",
                $"a key registered for {region}"
            ),
            _ when KeyStates.WhyLocked(row.State) is { } reason => new Problem(
                row.State == KeyStates.Denied ? "key.access_denied" : "key.disabled",
                409,
                $"The key {row.Alias} {reason}. Put that right in its key service.",
                "/kmsKeyId"
            ),
            _ => row,
        };
    }
}
