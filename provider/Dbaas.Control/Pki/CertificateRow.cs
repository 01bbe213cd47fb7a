using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dbaas.Control.Pki;

/// <summary>A certificate the platform signed. Its key, where the platform drew it, is in the credential vault.</summary>
internal sealed class CertificateRow
{
    public required CertificateId CertificateId { get; init; }

    /// <summary>Null for the platform's own parts.</summary>
    public TenantId? TenantId { get; init; }
    public required string OwnerId { get; init; }

    /// <summary>host, store, endpoint, member.</summary>
    public required string Kind { get; init; }
    public required string Serial { get; init; }
    public required string Pem { get; init; }
    public required DateTimeOffset NotBefore { get; init; }
    public required DateTimeOffset NotAfter { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<CertificateRow>
    {
        public void Configure(EntityTypeBuilder<CertificateRow> builder) =>
            builder.ToTable("certificate").HasKey(row => row.CertificateId);
    }
}
