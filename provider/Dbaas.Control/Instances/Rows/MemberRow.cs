using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Instances.Rows;

/// <summary>One engine process of an instance.</summary>
internal sealed class MemberRow : IVersioned
{
    public required MemberId MemberId { get; init; }
    public required TenantId TenantId { get; init; }
    public required InstanceId InstanceId { get; init; }

    /// <summary>primary or standby.</summary>
    public required string Role { get; set; }

    /// <summary>available, starting, stopped, failed.</summary>
    public required string Status { get; set; }
    public required string Region { get; init; }
    public string ActualVersion { get; set; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; set; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<MemberRow>
    {
        public void Configure(EntityTypeBuilder<MemberRow> builder) =>
            builder.ToTable("member").HasKey(row => row.MemberId);
    }
}
