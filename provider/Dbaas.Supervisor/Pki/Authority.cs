using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Native;

namespace Dbaas.Supervisor.Pki;

/// <summary>
/// One of the installation's two certificate authorities, ECDSA P-256. It carries keyUsage, SKI and AKI, without which Python 3.13
/// (and with it Patroni) refuses every certificate it signed.
/// </summary>
internal sealed class Authority : IDisposable
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(3650);

    /// <summary>So far a clock may be set back before what was issued a moment ago is not valid yet.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);
    private readonly TimeProvider time;

    private Authority(X509Certificate2 certificate, TimeProvider time)
    {
        Certificate = certificate;
        this.time = time;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Reads the authority or makes it; an authority once made is never replaced, clients hold its certificate.</summary>
    /// <param name="paths">The installation.</param>
    /// <param name="name">internal-ca or endpoint-ca.</param>
    /// <param name="commonName">What people see in a certificate viewer.</param>
    /// <param name="owner">uid that alone may read the key.</param>
    /// <param name="time">Validity counts from its now.</param>
    public static Authority Ensure(
        InstallationPaths paths,
        string name,
        string commonName,
        int owner,
        TimeProvider time
    )
    {
        var certificateFile = paths.Certificate(name);
        var keyFile = paths.Key(name);
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
        {
            Make(certificateFile, keyFile, commonName, owner, time);
        }

        PrivateFile.Restrict(keyFile, PrivateFile.Secret, owner);
        return new(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), time);
    }

    /// <summary>Signs a certificate for a new key.</summary>
    public (string CertificatePem, string KeyPem) Issue(LeafRequest leaf)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            $"CN={leaf.CommonName}",
            key,
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(false, false, 0, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(leaf.Usage)], critical: false)
        );
        request.CertificateExtensions.Add(leaf.Names());
        request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false)
        );
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false)
        );
        var now = time.GetUtcNow();
        DateTimeOffset born = Certificate.NotBefore.ToUniversalTime();
        using var signed = request.Create(
            Certificate,
            now - Backdated > born ? now - Backdated : born, // none may begin before its issuer
            now + LeafRequest.Validity,
            RandomNumberGenerator.GetBytes(16)
        );
        return (signed.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose() => Certificate.Dispose();

    private static void Make(
        string certificateFile,
        string keyFile,
        string commonName,
        int owner,
        TimeProvider time
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(true, true, 0, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(
                X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
                critical: true
            )
        );
        var identifier = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(identifier);
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier)
        );
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - Backdated, now + Validity);
        // The key first: a certificate without its key would look finished.
        PrivateFile.Write(
            keyFile,
            System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"),
            PrivateFile.Secret,
            owner
        );
        PrivateFile.Write(
            certificateFile,
            System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"),
            PrivateFile.Readable
        );
    }
}
