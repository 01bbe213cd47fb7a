using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Supervisor.Pki;

/// <summary>A certificate a unit needs.</summary>
internal sealed record LeafRequest
{
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>Within the 398 days that clients accept at most.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(397);

    /// <summary>Renewed when less than this is left.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromDays(60);

    /// <summary>File name below pki/ without its ending.</summary>
    public required string File { get; init; }
    public required string CommonName { get; init; }

    /// <summary><see cref="ServerUsage"/> or <see cref="ClientUsage"/>.</summary>
    public required string Usage { get; init; }

    /// <summary>uid that alone may read the key.</summary>
    public required int Owner { get; init; }

    /// <summary>Served on 127.0.0.1, localhost and this machine's name.</summary>
    public bool Local { get; init; }

    /// <summary>URI name of a member of the platform, e.g. dbaas://control.</summary>
    public string? Identity { get; init; }

    public X509Extension Names()
    {
        if (Identity is not null)
        {
            return UriName(Identity);
        }

        var names = new SubjectAlternativeNameBuilder();
        if (Local)
        {
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            if (
                Uri.CheckHostName(Dns.GetHostName()) == UriHostNameType.Dns
                && Dns.GetHostName() != "localhost"
            )
            {
                names.AddDnsName(Dns.GetHostName());
            }
        }

        return names.Build();
    }

    /// <summary>RFC 5280, 4.2.1.6. The builder of the framework would add a slash to the name, and whoever compares it would refuse it.</summary>
    private static X509Extension UriName(string uri)
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

        return new("2.5.29.17", writer.Encode(), critical: false);
    }
}
