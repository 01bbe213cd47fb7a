using Dbaas.Client.Keys;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Keys;

/// <summary>A customer key as registered; the key itself never leaves its key service.</summary>
internal sealed class CustomerKeyRow : IVersioned
{
    public required KeyId KeyId { get; init; }
    public required TenantId TenantId { get; init; }
    public required string Alias { get; init; }
    public required string Arn { get; init; }
    public required string Endpoint { get; init; }

    /// <summary>The platform region whose data it wraps.</summary>
    public required string Region { get; init; }
    public required bool IsDefault { get; set; }

    /// <summary>One of <see cref="KeyStates"/>, as last seen.</summary>
    public required string State { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public long Version { get; set; } = 1;

    public KeyView ToView() =>
        new()
        {
            Id = KeyId.ToString(),
            Alias = Alias,
            Arn = Arn,
            Endpoint = Endpoint,
            Region = Region,
            IsDefault = IsDefault,
            State = State,
            CreatedAt = CreatedAt,
        };

    internal sealed class Configuration : IEntityTypeConfiguration<CustomerKeyRow>
    {
        public void Configure(EntityTypeBuilder<CustomerKeyRow> builder) =>
            builder.ToTable("customer_key").HasKey(row => row.KeyId);
    }
}
