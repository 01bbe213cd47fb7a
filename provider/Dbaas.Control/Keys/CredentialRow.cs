using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Keys;

/// <summary>One sealed secret.</summary>
internal sealed class CredentialRow : IVersioned
{
    public required CredentialId CredentialId { get; init; }
    public required TenantId TenantId { get; init; }
    public required string OwnerId { get; init; }
    public required string Name { get; init; }
    public required WrappedKeyId WrappedKeyId { get; set; }

    /// <summary>Nonce (12 bytes), tag (16 bytes) and ciphertext.</summary>
    public required byte[] Sealed { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public long Version { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<CredentialRow>
    {
        public void Configure(EntityTypeBuilder<CredentialRow> builder) =>
            builder.ToTable("credential").HasKey(row => row.CredentialId);
    }
}
