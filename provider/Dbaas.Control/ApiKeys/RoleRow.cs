using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.ApiKeys;

/// <summary>A set of rights with a name; data of the platform.</summary>
internal sealed class RoleRow
{
    public required string RoleId { get; init; }

    /// <summary>tenant or platform: where it may be bound.</summary>
    public required string Scope { get; init; }
    public required string Description { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<RoleRow>
    {
        public void Configure(EntityTypeBuilder<RoleRow> builder) =>
            builder.ToTable("role").HasKey(row => row.RoleId);
    }
}
