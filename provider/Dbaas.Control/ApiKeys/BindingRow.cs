using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.ApiKeys;

/// <summary>One role of one principal: in a tenant, on one resource of it, or (without tenant) in the platform.</summary>
internal sealed class BindingRow
{
    public required BindingId BindingId { get; init; }
    public TenantId? TenantId { get; init; }
    public required PrincipalId PrincipalId { get; init; }
    public required string RoleId { get; init; }
    public string? ResourceId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<BindingRow>
    {
        public void Configure(EntityTypeBuilder<BindingRow> builder) =>
            builder.ToTable("binding").HasKey(row => row.BindingId);
    }
}
