using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Instances.Rows;

/// <summary>The encrypted volume of one member.</summary>
internal sealed class VolumeRow : IVersioned
{
    public required VolumeId VolumeId { get; init; }
    public required TenantId TenantId { get; init; }
    public required InstanceId InstanceId { get; init; }
    public required MemberId MemberId { get; init; }
    public required string Region { get; init; }
    public required string HostId { get; init; }
    public required long SizeBytes { get; set; }
    public WrappedKeyId? WrappedKeyId { get; set; }
    public int Uid { get; set; }

    /// <summary>reserved, closed, open.</summary>
    public required string State { get; set; }
    public long Epoch { get; set; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; set; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<VolumeRow>
    {
        public void Configure(EntityTypeBuilder<VolumeRow> builder) =>
            builder.ToTable("volume").HasKey(row => row.VolumeId);
    }
}
