using System.Text.Json.Nodes;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Keys;

/// <summary>A data key as the key service wrapped it.</summary>
internal sealed class WrappedKeyRow : IVersioned
{
    public required WrappedKeyId WrappedKeyId { get; init; }
    public required TenantId TenantId { get; init; }
    public required string OwnerId { get; init; }
    public required string Purpose { get; init; }
    public required KeyId KeyId { get; set; }
    public required string Region { get; set; }

    /// <summary>Empty once shredded.</summary>
    public required byte[] Ciphertext { get; set; }

    /// <summary>Encryption context {tenant, instance, purpose}.</summary>
    public required JsonNode Context { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? RetiredAt { get; set; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<WrappedKeyRow>
    {
        public void Configure(EntityTypeBuilder<WrappedKeyRow> builder) =>
            builder.ToTable("wrapped_key").HasKey(row => row.WrappedKeyId);
    }
}
