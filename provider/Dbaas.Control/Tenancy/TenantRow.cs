using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Tenancy;

internal sealed class TenantRow : IVersioned
{
    public required TenantId TenantId { get; init; }
    public required string Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<TenantRow>
    {
        public void Configure(EntityTypeBuilder<TenantRow> builder) =>
            builder.ToTable("tenant").HasKey(row => row.TenantId);
    }
}
