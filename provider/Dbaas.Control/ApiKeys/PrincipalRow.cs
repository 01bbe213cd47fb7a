using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.ApiKeys;

/// <summary>Someone or something that acts. Outlives its keys, because the audit trail names it.</summary>
internal sealed class PrincipalRow : IVersioned
{
    public required PrincipalId PrincipalId { get; init; }
    public required TenantId TenantId { get; init; }

    /// <summary>api_key, user, service.</summary>
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<PrincipalRow>
    {
        public void Configure(EntityTypeBuilder<PrincipalRow> builder) =>
            builder.ToTable("principal").HasKey(row => row.PrincipalId);
    }
}
