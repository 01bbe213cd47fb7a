using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Control.Pki;

/// <summary>
/// Signs leaf certificates. Each carries key usage, subject and authority key identifiers: newer OpenSSL and Python refuse those without.
/// Thread-safe.
/// </summary>
internal sealed class CertificateAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>So far a clock may be behind, or be set back, before what was issued a moment ago is not valid yet.</summary>
    private static readonly TimeSpan s_backdated = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    public CertificateAuthority(string certificateFile, string keyFile, TimeProvider time)
    {
        _certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        _time = time;
        Pem = _certificate.ExportCertificatePem();
    }

    public string Pem { get; }

    /// <summary>Signs a public key.</summary>
    /// <param name="names">Host names, addresses and URIs the certificate is good for.</param>
    /// <param name="both">Also good for clients (mTLS between members).</param>
    public X509Certificate2 Sign(
        PublicKey key,
        string commonName,
        CertificateNames names,
        TimeSpan life,
        bool both
    )
    {
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN={commonName}"),
            key,
            HashAlgorithmName.SHA256
        );
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        extensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        var usages = new OidCollection { new(ServerAuthentication) };
        if (both)
        {
            usages.Add(new Oid(ClientAuthentication));
        }

        extensions.Add(new X509EnhancedKeyUsageExtension(usages, critical: false));
        extensions.Add(names.ToExtension());
        extensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        extensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                _certificate,
                includeKeyIdentifier: true,
                includeIssuerAndSerial: false
            )
        );
        var now = _time.GetUtcNow();
        var end = now + life;
        DateTimeOffset authorityEnd = _certificate.NotAfter.ToUniversalTime();
        DateTimeOffset authorityStart = _certificate.NotBefore.ToUniversalTime();
        // A short life has no hour to give: two thirds of it would be over at once.
        var start = now - (life / 10 < s_backdated ? life / 10 : s_backdated);
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F; // RFC 5280: a positive number
        serial[0] |= 0x40;
        return request.Create(
            _certificate,
            start < authorityStart ? authorityStart : start,
            end < authorityEnd ? end : authorityEnd,
            serial
        );
    }

    /// <summary>Draws a P-256 key and signs it. The key leaves only in the answer.</summary>
    public (X509Certificate2 Certificate, string KeyPem) Issue(
        string commonName,
        CertificateNames names,
        TimeSpan life,
        bool both
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = Sign(new PublicKey(key), commonName, names, life, both);
        return (certificate, key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _certificate.Dispose();
}
