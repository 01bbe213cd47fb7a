using Dbaas.Client.Tenancy;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.ApiKeys;

internal sealed class ApiKeyIssuer(TimeProvider time) : IApiKeyIssuer
{
    public async Task<CreatedApiKeyView> IssueAsync(
        MetadataTransaction transaction,
        KeyIssue issue,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var secret = ApiKeySecret.Draw();
        var principal = new PrincipalRow
        {
            PrincipalId = TypedId.New<PrincipalId>(time),
            TenantId = issue.Tenant,
            Kind = "api_key",
            Name = issue.Name,
            CreatedAt = now,
        };
        var key = new ApiKeyRow
        {
            ApiKeyId = TypedId.New<ApiKeyId>(time),
            TenantId = issue.Tenant,
            PrincipalId = principal.PrincipalId,
            Name = issue.Name,
            Prefix = secret.Prefix,
            SecretHash = secret.Hash(),
            CreatedAt = now,
            ExpiresAt = issue.ExpiresAt,
        };
        var db = transaction.Db;
        db.Add(principal);
        await db.SaveChangesAsync(cancellationToken); // rows below refer to it
        db.Add(key);
        foreach (var role in issue.Roles)
        {
            var row = await db.Set<RoleRow>()
                .AsNoTracking()
                .SingleAsync(r => r.RoleId == role, cancellationToken);
            db.Add(
                new BindingRow
                {
                    BindingId = TypedId.New<BindingId>(time),
                    TenantId = row.Scope == "platform" ? null : issue.Tenant,
                    PrincipalId = principal.PrincipalId,
                    RoleId = role,
                    CreatedAt = now,
                }
            );
        }

        await db.SaveChangesAsync(cancellationToken);
        return new CreatedApiKeyView(
            new ApiKeyView
            {
                Id = key.ApiKeyId.ToString(),
                Name = key.Name,
                Prefix = key.Prefix,
                Role = issue.Roles[0],
                CreatedAt = key.CreatedAt,
                ExpiresAt = key.ExpiresAt,
            },
            secret.Text
        );
    }
}
