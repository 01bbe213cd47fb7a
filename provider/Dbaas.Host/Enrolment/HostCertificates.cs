using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Host.Configuration;
using Dbaas.Host.Native;

namespace Dbaas.Host.Enrolment;

/// <summary>The host's keys and certificates on disk: its own and the store's. Keys are made here and never leave.</summary>
internal sealed class HostCertificates(HostPaths paths, HostSettings settings)
{
    /// <summary>Part of its life after which a certificate is renewed: a third is left for a control service that is away.</summary>
    private const double RenewAfter = 2.0 / 3;

    /// <summary>The host's own certificate; of all files the one written last.</summary>
    public string HostFile => paths.HostCertificate;
    public string AuthorityFile => Path.Combine(paths.Region, "internal-ca.crt");
    public string StoreCertificateFile => Path.Combine(paths.Region, "store.crt");
    public string StoreKeyFile => Path.Combine(paths.Region, "store.key");

    public bool Exist =>
        File.Exists(paths.HostCertificate)
        && File.Exists(StoreCertificateFile)
        && File.Exists(AuthorityFile);

    /// <summary>How the certificates stand: the worse of the host's own and the store's.</summary>
    public CertificateStanding Standing(DateTimeOffset now)
    {
        var standing = CertificateStanding.Good;
        foreach (var file in (string[])[HostFile, StoreCertificateFile])
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            DateTimeOffset from = certificate.NotBefore.ToUniversalTime();
            DateTimeOffset to = certificate.NotAfter.ToUniversalTime();
            var own =
                now >= to ? CertificateStanding.Expired
                // Issued while a clock was ahead: nobody accepts it before its time, and two thirds of its life come long after that.
                : now < from ? CertificateStanding.Due
                : now >= from + (to - from) * RenewAfter ? CertificateStanding.Due
                : CertificateStanding.Good;
            standing = own > standing ? own : standing;
        }

        return standing;
    }

    public X509Certificate2 LoadHost() =>
        X509Certificate2.CreateFromPemFile(paths.HostCertificate, paths.HostKey);

    public X509Certificate2 LoadAuthority() =>
        X509CertificateLoader.LoadCertificateFromFile(AuthorityFile);

    /// <summary>PKCS#10 request of the host; key made on first use.</summary>
    public string HostRequest() =>
        Request(paths.HostKey, "host", settings.Listen[..settings.Listen.LastIndexOf(':')]);

    public string StoreRequest() => Request(StoreKeyFile, "store", settings.ServiceAddress);

    /// <summary>The host's own certificate last: its presence says that all are there.</summary>
    public void Save(string host, string store, string authority)
    {
        DurableFile.Write(AuthorityFile, System.Text.Encoding.UTF8.GetBytes(authority));
        DurableFile.Write(StoreCertificateFile, System.Text.Encoding.UTF8.GetBytes(store));
        DurableFile.Write(paths.HostCertificate, System.Text.Encoding.UTF8.GetBytes(host));
    }

    private static string Request(string keyFile, string name, string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(keyFile))
        {
            key.ImportFromPem(File.ReadAllText(keyFile));
        }
        else
        {
            var pem = key.ExportPkcs8PrivateKeyPem();
            DurableFile.Write(keyFile, System.Text.Encoding.ASCII.GetBytes(pem));
        }
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSigningRequestPem();
    }
}
