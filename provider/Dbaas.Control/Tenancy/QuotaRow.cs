using Dbaas.Client.Tenancy;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Tenancy;

/// <summary>Ceilings for all instances of a tenant together.</summary>
internal sealed class QuotaRow : IVersioned
{
    public required TenantId TenantId { get; init; }
    public required int Instances { get; set; }
    public required double Cpu { get; set; }
    public required double MemoryGib { get; set; }
    public required int StorageGib { get; set; }
    public long Version { get; set; } = 1;

    public QuotaView ToView() => new(Instances, Cpu, MemoryGib, StorageGib);

    internal sealed class Configuration : IEntityTypeConfiguration<QuotaRow>
    {
        public void Configure(EntityTypeBuilder<QuotaRow> builder) =>
            builder.ToTable("quota").HasKey(row => row.TenantId);
    }
}
