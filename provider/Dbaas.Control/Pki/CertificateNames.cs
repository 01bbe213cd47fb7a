using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Control.Pki;

/// <summary>The subject alternative names of a certificate.</summary>
internal sealed record CertificateNames
{
    public IReadOnlyList<string> HostNames { get; init; } = [];
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];
    public IReadOnlyList<Uri> Uris { get; init; } = [];

    /// <summary>The names for something reached by host name or address.</summary>
    public static CertificateNames Of(string host) =>
        IPAddress.TryParse(host, out var address)
            ? new CertificateNames { Addresses = [address] }
            : new CertificateNames { HostNames = [host] };

    public X509Extension ToExtension()
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var host in HostNames)
        {
            builder.AddDnsName(host);
        }

        foreach (var address in Addresses)
        {
            builder.AddIpAddress(address);
        }

        foreach (var uri in Uris)
        {
            builder.AddUri(uri);
        }

        return builder.Build();
    }
}
