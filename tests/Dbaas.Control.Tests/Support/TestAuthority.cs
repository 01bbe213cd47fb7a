using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Control.Tests.Support;

/// <summary>A certificate authority in two PEM files, as the supervisor makes it.</summary>
internal sealed class TestAuthority
{
    private readonly X509Certificate2 _certificate;
    private readonly string _folder;

    /// <param name="folder">Where its files are and those of what it issues.</param>
    /// <param name="name">Of its files and its subject.</param>
    /// <param name="existing">Whether to go on with the files that are there.</param>
    public TestAuthority(string folder, string name, bool existing = false)
    {
        _folder = folder;
        CertificateFile = Path.Combine(folder, name + ".crt");
        KeyFile = Path.Combine(folder, name + ".key");
        if (existing)
        {
            _certificate = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
            return;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
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
        _certificate = request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1),
            TimeProvider.System.GetUtcNow().AddYears(10)
        );
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string CertificateFile { get; }
    public string KeyFile { get; }

    public (string Certificate, string Key) Loopback(string name)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        return Issue(name, names.Build());
    }

    /// <summary>A certificate of a member of the platform, whose name is a URI.</summary>
    /// <param name="name">Of its files and its subject.</param>
    /// <param name="uri">Who it is.</param>
    /// <param name="expired">Whether it ran out a minute ago.</param>
    public (string Certificate, string Key) Member(string name, string uri, bool expired = false)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(
                UniversalTagNumber.IA5String,
                uri,
                new Asn1Tag(TagClass.ContextSpecific, 6)
            );
        }

        return Issue(name, new("2.5.29.17", writer.Encode(), critical: false), expired);
    }

    private (string Certificate, string Key) Issue(
        string name,
        X509Extension names,
        bool expired = false
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names);
        using var certificate = request.Create(
            _certificate,
            TimeProvider.System.GetUtcNow().AddHours(-1),
            expired
                ? TimeProvider.System.GetUtcNow().AddMinutes(-1)
                : TimeProvider.System.GetUtcNow().AddDays(1),
            RandomNumberGenerator.GetBytes(8)
        );
        var paths = (Path.Combine(_folder, name + ".crt"), Path.Combine(_folder, name + ".key"));
        File.WriteAllText(paths.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(paths.Item2, key.ExportPkcs8PrivateKeyPem());
        return paths;
    }
}
