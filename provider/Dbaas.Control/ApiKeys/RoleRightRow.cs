using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.ApiKeys;

/// <summary>One right of a role.</summary>
internal sealed class RoleRightRow
{
    public required string RoleId { get; init; }
    public required string Right { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<RoleRightRow>
    {
        public void Configure(EntityTypeBuilder<RoleRightRow> builder) =>
            builder.ToTable("role_right").HasKey(row => new { row.RoleId, row.Right });
    }
}
