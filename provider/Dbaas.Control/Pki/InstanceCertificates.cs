using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Control.Ids;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Protocol.Agent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Pki;

/// <summary>
/// The key lives in the vault, the certificate in its table. The key stays when a certificate is renewed, so two runs of one step can
/// at worst sign twice, and either certificate fits the key.
/// </summary>
internal sealed class InstanceCertificates(
    Authorities authorities,
    ICredentialVault vault,
    ITenantTransactions tenants,
    IOptions<CertificateOptions> options,
    TimeProvider time
) : IInstanceCertificates
{
    public Task<Outcome<TlsMaterial>> EnsureEndpointAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        string hostName,
        IPAddress address,
        CancellationToken cancellationToken
    ) =>
        EnsureAsync(
            tenant,
            instance,
            key,
            new Wanted(
                "endpoint",
                instance.ToString(),
                "tls-endpoint",
                new CertificateNames
                {
                    HostNames = IPAddress.TryParse(hostName, out _) ? [] : [hostName],
                    Addresses = [address],
                },
                authorities.Endpoint,
                ForClients: false
            ),
            cancellationToken
        );

    public Task<Outcome<TlsMaterial>> EnsureMemberAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        MemberId member,
        IPAddress address,
        CancellationToken cancellationToken
    ) =>
        EnsureAsync(
            tenant,
            instance,
            key,
            new Wanted(
                "member",
                member.ToString(),
                $"tls-{member}",
                new CertificateNames
                {
                    Addresses = [address],
                    Uris = [new Uri($"dbaas://member/{member}")],
                },
                authorities.Internal,
                ForClients: true
            ),
            cancellationToken
        );

    private async Task<Outcome<TlsMaterial>> EnsureAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        Wanted wanted,
        CancellationToken cancellationToken
    )
    {
        var secrets = await vault.EnsureAsync(
            tenant,
            instance,
            key,
            new Dictionary<string, Func<string>> { [wanted.SecretName] = DrawKey },
            cancellationToken
        );
        if (!secrets.Succeeded)
        {
            return secrets.Problem;
        }

        var keyPem = secrets.Value[wanted.SecretName];
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        var rows = await transaction
            .Db.Set<CertificateRow>()
            .AsNoTracking()
            .Where(row => row.OwnerId == wanted.OwnerId && row.Kind == wanted.Kind)
            .OrderByDescending(row => row.NotAfter)
            .ToListAsync(cancellationToken);
        var pem = rows.Where(row => Fresh(row) && Fits(row, wanted))
            .Select(row => row.Pem)
            .FirstOrDefault();
        if (pem is null)
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(keyPem);
            using var certificate = wanted.Authority.Sign(
                new PublicKey(ecdsa),
                wanted.OwnerId,
                wanted.Names,
                TimeSpan.FromDays(options.Value.LifeDays),
                wanted.ForClients
            );
            pem = certificate.ExportCertificatePem();
            transaction.Db.Add(
                new CertificateRow
                {
                    CertificateId = TypedId.New<CertificateId>(time),
                    TenantId = tenant,
                    OwnerId = wanted.OwnerId,
                    Kind = wanted.Kind,
                    Serial = certificate.SerialNumber,
                    Pem = pem,
                    NotBefore = certificate.NotBefore.ToUniversalTime(),
                    NotAfter = certificate.NotAfter.ToUniversalTime(),
                    CreatedAt = time.GetUtcNow(),
                }
            );
            await transaction.CommitAsync(cancellationToken);
        }

        return new TlsMaterial
        {
            CertificatePem = pem,
            KeyPem = keyPem,
            AuthorityPem = wanted.Authority.Pem,
        };
    }

    private bool Fresh(CertificateRow row) =>
        time.GetUtcNow() < row.NotBefore + (row.NotAfter - row.NotBefore) * 2 / 3;

    /// <summary>A machine may come back with another address; then the old certificate no longer names it.</summary>
    private static bool Fits(CertificateRow row, Wanted wanted)
    {
        using var certificate = X509Certificate2.CreateFromPem(row.Pem);
        var names = certificate
            .Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SingleOrDefault();
        return names is not null
            && wanted.Names.Addresses.All(names.EnumerateIPAddresses().Contains)
            && wanted.Names.HostNames.All(names.EnumerateDnsNames().Contains);
    }

    private static string DrawKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private sealed record Wanted(
        string Kind,
        string OwnerId,
        string SecretName,
        CertificateNames Names,
        CertificateAuthority Authority,
        bool ForClients
    );
}
