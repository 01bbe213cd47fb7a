using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Hosts;

/// <summary>An enrolled host. Not tenant-owned: every tenant's transaction may read it, only the platform writes it.</summary>
internal sealed class HostRow : IVersioned
{
    public required HostId HostId { get; init; }
    public required string Region { get; init; }

    /// <summary>host:port of its mTLS interface.</summary>
    public required string Address { get; set; }

    /// <summary>online, unreachable.</summary>
    public required string State { get; set; }
    public string DaemonVersion { get; set; } = "";

    /// <summary>HostFacts as protobuf JSON, as last seen.</summary>
    public required JsonNode Facts { get; set; }

    /// <summary>CIDR.</summary>
    public required string EndpointRange { get; set; }
    public required string KeyServiceEndpoint { get; set; }
    public required DateTimeOffset EnrolledAt { get; set; }
    public DateTimeOffset? LastSeenAt { get; set; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<HostRow>
    {
        public void Configure(EntityTypeBuilder<HostRow> builder) =>
            builder.ToTable("host").HasKey(row => row.HostId);
    }
}
