using Dbaas.Client.Catalogue;
using Dbaas.Client.Tenancy;
using Dbaas.Control.Audit;
using Dbaas.Control.Http.Paging;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Control.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.ApiKeys;

internal sealed class ApiKeyStore(
    ITenantTransactions tenants,
    IApiKeyIssuer issuer,
    IPrincipals principals,
    IEventWriter events,
    ICursors cursors,
    TimeProvider time
) : IApiKeys
{
    public async Task<Outcome<Page<ApiKeyView>>> ListAsync(
        Caller caller,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        var size = cursors.Limit(limit);
        var position = cursors.Read(caller.Tenant, "api-keys", cursor);
        if (!size.Succeeded || !position.Succeeded)
        {
            return size.Problem ?? position.Problem!;
        }

        var after = position.Value.After is { } text
            ? TypedId.Parse<ApiKeyId>(text)
            : (ApiKeyId?)null;
        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        var db = transaction.Db;
        var keys = db.Set<ApiKeyRow>().AsNoTracking().Where(key => key.RevokedAt == null);
        if (after is { } last)
        {
            // Ids sort by time as text; EF compares the converted column.
            keys = db.Set<ApiKeyRow>()
                .FromSql($"SELECT * FROM api_key WHERE api_key_id > {last.ToString()}")
                .AsNoTracking()
                .Where(key => key.RevokedAt == null);
        }

        var rows = await keys.OrderBy(key => key.ApiKeyId)
            .Take(size.Value + 1)
            .ToListAsync(cancellationToken);
        var page = rows.Take(size.Value).ToArray();
        var owners = page.Select(key => key.PrincipalId).ToArray();
        var roles = (
            await db.Set<BindingRow>()
                .AsNoTracking()
                .Where(binding => owners.Contains(binding.PrincipalId))
                .ToListAsync(cancellationToken)
        ).ToLookup(binding => binding.PrincipalId, binding => binding.RoleId);
        return new Page<ApiKeyView>(
            [.. page.Select(key => View(key, roles[key.PrincipalId].FirstOrDefault() ?? ""))],
            rows.Count > size.Value
                ? cursors.Write(caller.Tenant, "api-keys", page[^1].ApiKeyId.ToString())
                : null
        );
    }

    public async Task<Outcome<CreatedApiKeyView>> CreateAsync(
        Caller caller,
        CreateApiKeyRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!ResourceName.IsValid(request.Name))
        {
            return new Problem(
                "api_key.name_invalid",
                422,
                "A key's name is 1 to 63 lower-case letters, digits and single hyphens, starting with a letter.",
                "/name",
                ResourceName.Pattern
            );
        }

        if (request.ExpiresInDays is < 1 or > 3650)
        {
            return new Problem(
                "api_key.expiry_invalid",
                422,
                "A key expires after 1 to 3650 days, or never.",
                "/expiresInDays",
                "1 to 3650"
            );
        }

        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        var db = transaction.Db;
        var roles = await db.Set<RoleRow>()
            .AsNoTracking()
            .Where(role => role.Scope == "tenant")
            .Select(role => role.RoleId)
            .ToListAsync(cancellationToken);
        if (request.Role is not { } role || !roles.Contains(role))
        {
            return new Problem(
                "api_key.role_unknown",
                422,
                "Name the role of the key.",
                "/role",
                string.Join(", ", roles.Order(StringComparer.Ordinal))
            );
        }

        var rights = await db.Set<RoleRightRow>()
            .AsNoTracking()
            .Where(right => right.RoleId == role)
            .Select(right => right.Right)
            .ToListAsync(cancellationToken);
        if (!rights.TrueForAll(caller.Rights.Allows))
        {
            return new Problem(
                "api_key.role_exceeds",
                403,
                $"The role {role} has rights that you do not have.",
                "/role"
            );
        }

        var created = await issuer.IssueAsync(
            transaction,
            new KeyIssue(
                caller.Tenant,
                request.Name!,
                [role],
                request.ExpiresInDays is { } days ? time.GetUtcNow().AddDays(days) : null
            ),
            cancellationToken
        );
        await events.AppendAsync(
            transaction,
            EventDraft.By(
                caller,
                "api_key.created",
                $"API key {request.Name} with the role {role} was made."
            ) with
            {
                ResourceId = created.Key.Id,
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return created;
    }

    public async Task<Outcome<Done>> DeleteAsync(
        Caller caller,
        string id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        var db = transaction.Db;
        var key = TypedId.TryParse(id, out ApiKeyId wanted)
            ? await db.Set<ApiKeyRow>()
                .SingleOrDefaultAsync(
                    row => row.ApiKeyId == wanted && row.RevokedAt == null,
                    cancellationToken
                )
            : null;
        if (key is null)
        {
            return new Problem("api_key.not_found", 404, "No API key of that id.");
        }

        key.RevokedAt = time.GetUtcNow();
        await events.AppendAsync(
            transaction,
            EventDraft.By(caller, "api_key.revoked", $"API key {key.Name} was revoked.") with
            {
                ResourceId = id,
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        principals.Forget();
        return Done.Value;
    }

    private static ApiKeyView View(ApiKeyRow row, string role) =>
        new()
        {
            Id = row.ApiKeyId.ToString(),
            Name = row.Name,
            Prefix = row.Prefix,
            Role = role,
            CreatedAt = row.CreatedAt,
            ExpiresAt = row.ExpiresAt,
            LastUsedAt = row.LastUsedAt,
        };
}
