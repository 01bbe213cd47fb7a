using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Control.Composition;
using Dbaas.Control.Hosts;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Grpc.Net.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Machines.Host;

/// <summary>
/// One mTLS channel a host, kept open. A host must prove that it is the one that was enrolled: its certificate comes from the internal
/// authority and carries <c>dbaas://host/ID</c>. Thread-safe.
/// </summary>
internal sealed class HostChannels(IPlatformTransactions platform, IOptions<ControlOptions> options)
    : IDisposable
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);
    private readonly ConcurrentDictionary<
        string,
        (string Address, GrpcChannel Channel)
    > _channels = [];
    private readonly Lazy<X509Certificate2> _client = new(() => LoadClient(options.Value.Pki));
    private readonly Lazy<X509Certificate2> _authority = new(() =>
        X509CertificateLoader.LoadCertificateFromFile(options.Value.Pki.InternalCertificateFile)
    );

    /// <exception cref="MachineDriverException">No such host.</exception>
    public async Task<GrpcChannel> ToAsync(string hostId, CancellationToken cancellationToken)
    {
        // Channels outlive requests; the address is looked up again only when a call could not connect (Forget).
        if (_channels.TryGetValue(hostId, out var known))
        {
            return known.Channel;
        }

        if (!TypedId.TryParse<HostId>(hostId, out var id))
        {
            throw Unknown(hostId);
        }

        await using var transaction = await platform.BeginAsync(cancellationToken);
        var row =
            await transaction
                .Db.Set<HostRow>()
                .AsNoTracking()
                .SingleOrDefaultAsync(host => host.HostId == id, cancellationToken)
            ?? throw Unknown(hostId);
        return _channels.GetOrAdd(hostId, _ => (row.Address, Open(hostId, row.Address))).Channel;
    }

    /// <summary>Ids of the hosts enrolled in a region.</summary>
    public async Task<IReadOnlyList<string>> InRegionAsync(
        string region,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        var ids = await transaction
            .Db.Set<HostRow>()
            .Where(host => host.Region == region)
            .OrderBy(host => host.HostId)
            .Select(host => host.HostId)
            .ToListAsync(cancellationToken);
        return [.. ids.Select(id => id.ToString())];
    }

    /// <summary>After a call that could not connect: the host may have another address now.</summary>
    public void Forget(string hostId)
    {
        // Not disposed here: other calls may still be under way on it; it goes with the last of them.
        _channels.TryRemove(hostId, out _);
    }

    public void Dispose()
    {
        foreach (var (_, channel) in _channels.Values)
        {
            channel.Dispose();
        }

        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        if (_authority.IsValueCreated)
        {
            _authority.Value.Dispose();
        }
    }

    private GrpcChannel Open(string hostId, string address) =>
        GrpcChannel.ForAddress(
            $"https://{address}",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    ConnectTimeout = TimeSpan.FromSeconds(3),
                    KeepAlivePingDelay = TimeSpan.FromSeconds(15),
                    KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
                    EnableMultipleHttp2Connections = true,
                    SslOptions = new SslClientAuthenticationOptions
                    {
                        EnabledSslProtocols = SslProtocols.Tls13,
                        ClientCertificates = [_client.Value],
                        LocalCertificateSelectionCallback = (_, _, _, _, _) => _client.Value,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                            IsHost(certificate, hostId),
                    },
                },
                DisposeHttpClient = true,
                MaxReceiveMessageSize = 16 << 20,
            }
        );

    private bool IsHost(X509Certificate? presented, string hostId)
    {
        if (presented is not X509Certificate2 certificate)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority.Value);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate) && UrisOf(certificate).Contains($"dbaas://host/{hostId}");
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

    private static X509Certificate2 LoadClient(PkiOptions pki)
    {
        using var pem = X509Certificate2.CreateFromPemFile(
            pki.ClientCertificateFile,
            pki.ClientKeyFile
        );
        // A key that lives only in the PEM object is not found by every TLS stack; through PKCS#12 it is.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static MachineDriverException Unknown(string hostId) =>
        new("host.unknown", $"There is no host {hostId}.", retryable: false);
}
