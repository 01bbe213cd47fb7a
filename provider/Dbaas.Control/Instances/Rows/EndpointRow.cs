using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Instances.Rows;

/// <summary>Where clients connect; drawn at create, never changed for the life of the instance.</summary>
internal sealed class EndpointRow : IVersioned
{
    public required EndpointId EndpointId { get; init; }
    public required TenantId TenantId { get; init; }
    public required InstanceId InstanceId { get; init; }
    public required string Region { get; init; }
    public required string HostId { get; init; }

    /// <summary>DNS name where a zone is configured, else the address.</summary>
    public required string HostName { get; init; }
    public required string Address { get; init; }
    public required int Port { get; init; }

    /// <summary>reserved, open, closed.</summary>
    public required string State { get; set; }
    public long Epoch { get; set; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; set; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<EndpointRow>
    {
        public void Configure(EntityTypeBuilder<EndpointRow> builder) =>
            builder.ToTable("endpoint").HasKey(row => row.EndpointId);
    }
}
