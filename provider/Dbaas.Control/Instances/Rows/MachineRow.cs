using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Instances.Rows;

/// <summary>The machine of one member. Its rows are what capacity is counted from.</summary>
internal sealed class MachineRow : IVersioned
{
    public required MachineId MachineId { get; init; }
    public required TenantId TenantId { get; init; }
    public required InstanceId InstanceId { get; init; }
    public required MemberId MemberId { get; init; }
    public required string Region { get; init; }
    public required string Driver { get; init; }

    /// <summary>The driver's name of the host; text, because not every driver's hosts are enrolled ones.</summary>
    public required string HostId { get; init; }
    public string ImageId { get; set; } = "";
    public string Address { get; set; } = "";
    public required double Cpu { get; set; }
    public required long MemoryBytes { get; set; }

    /// <summary>reserved, created, running, stopped.</summary>
    public required string State { get; set; }
    public long Epoch { get; set; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; set; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<MachineRow>
    {
        public void Configure(EntityTypeBuilder<MachineRow> builder) =>
            builder.ToTable("machine").HasKey(row => row.MachineId);
    }
}
