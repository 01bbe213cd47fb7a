using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Host.Tests;

/// <summary>A certificate authority for one test run, and PEM files signed by it.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 authority;
    private readonly string folder;

    public TestAuthority(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(
                X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
                true
            )
        );
        request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, false)
        );
        var now = TimeProvider.System.GetUtcNow();
        authority = request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(1));
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
    }

    public string AuthorityFile => Path.Combine(folder, "ca.crt");

    /// <summary>Signs a request as the control service does, for this span.</summary>
    public string Sign(string requestPem, DateTimeOffset from, TimeSpan life)
    {
        var request = CertificateRequest.LoadSigningRequestPem(
            requestPem,
            HashAlgorithmName.SHA256,
            CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions
        );
        using var certificate = request.Create(
            authority,
            from,
            from + life,
            RandomNumberGenerator.GetBytes(8)
        );
        return certificate.ExportCertificatePem();
    }

    /// <summary>Writes NAME.crt and NAME.key for an address; returns their paths.</summary>
    /// <param name="name">Of files and subject.</param>
    /// <param name="address">The certificate is good for it.</param>
    /// <param name="uri">Who it is, if anybody.</param>
    /// <param name="expired">Whether it ran out a minute ago.</param>
    public (string Certificate, string Key) Issue(
        string name,
        string address,
        string? uri = null,
        bool expired = false
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        if (uri is not null)
        {
            names.AddUri(new Uri(uri));
        }
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true)
        );
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension(
                [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")],
                false
            )
        );
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false)
        );
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(
            authority,
            now.AddMinutes(-5),
            expired ? now.AddMinutes(-1) : now.AddHours(12),
            RandomNumberGenerator.GetBytes(8)
        );
        var files = (Path.Combine(folder, name + ".crt"), Path.Combine(folder, name + ".key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    public void Dispose() => authority.Dispose();
}
