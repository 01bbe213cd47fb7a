using Dbaas.Control.Composition;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Pki;

/// <summary>Both authorities, read once at start.</summary>
internal sealed class Authorities(IOptions<ControlOptions> options, TimeProvider time)
    : IAuthorities,
        IDisposable
{
    /// <summary>Hosts, stores, members.</summary>
    public CertificateAuthority Internal { get; } =
        new(options.Value.Pki.InternalCertificateFile, options.Value.Pki.InternalKeyFile, time);

    /// <summary>What users see.</summary>
    public CertificateAuthority Endpoint { get; } =
        new(options.Value.Pki.EndpointCertificateFile, options.Value.Pki.EndpointKeyFile, time);

    public string InternalPem => Internal.Pem;

    public string EndpointPem => Endpoint.Pem;

    public void Dispose()
    {
        Internal.Dispose();
        Endpoint.Dispose();
    }
}
