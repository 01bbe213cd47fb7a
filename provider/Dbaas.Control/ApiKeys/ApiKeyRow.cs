using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.ApiKeys;

/// <summary>An API key; of the secret only its hash.</summary>
internal sealed class ApiKeyRow
{
    public required ApiKeyId ApiKeyId { get; init; }
    public required TenantId TenantId { get; init; }
    public required PrincipalId PrincipalId { get; init; }
    public required string Name { get; init; }
    public required string Prefix { get; init; }
    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<ApiKeyRow>
    {
        public void Configure(EntityTypeBuilder<ApiKeyRow> builder) =>
            builder.ToTable("api_key").HasKey(row => row.ApiKeyId);
    }
}
