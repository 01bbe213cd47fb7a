using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Control.Composition;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Pki;

/// <summary>
/// Who is who inside the platform: control's own certificate, and whether a peer's proves a name. Certificates of the internal authority
/// carry the name as a URI, e.g. <c>dbaas://control</c> or <c>dbaas://host/ID</c>. Thread-safe.
/// </summary>
internal sealed class PlatformIdentity(IOptions<ControlOptions> options) : IDisposable
{
    /// <summary>The name of the control service; every silo of an installation has it.</summary>
    public const string Control = "dbaas://control";

    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);
    private readonly Lazy<X509Certificate2> _own = new(() => LoadOwn(options.Value.Pki));
    private readonly Lazy<X509Certificate2> _authority = new(() =>
        X509CertificateLoader.LoadCertificateFromFile(options.Value.Pki.InternalCertificateFile)
    );

    /// <summary>With which control proves that it is control, as client and between silos.</summary>
    public X509Certificate2 Own => _own.Value;

    /// <summary>Whether what a peer presented comes from the internal authority, is valid today and carries this name.</summary>
    public bool Proves(X509Certificate? presented, string name)
    {
        if (presented is not X509Certificate2 certificate)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority.Value);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate) && UrisOf(certificate).Contains(name);
    }

    public void Dispose()
    {
        if (_own.IsValueCreated)
        {
            _own.Value.Dispose();
        }

        if (_authority.IsValueCreated)
        {
            _authority.Value.Dispose();
        }
    }

    private static List<string> UrisOf(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
        {
            return uris;
        }

        var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(s_uri))
            {
                uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, s_uri));
            }
            else
            {
                names.ReadEncodedValue();
            }
        }

        return uris;
    }

    private static X509Certificate2 LoadOwn(PkiOptions pki)
    {
        using var pem = X509Certificate2.CreateFromPemFile(
            pki.ClientCertificateFile,
            pki.ClientKeyFile
        );
        // A key that lives only in the PEM object is not found by every TLS stack; through PKCS#12 it is.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }
}
