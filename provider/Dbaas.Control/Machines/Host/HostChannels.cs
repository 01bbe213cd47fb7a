using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using Dbaas.Control.Pki;
using Grpc.Net.Client;

namespace Dbaas.Control.Machines.Host;

/// <summary>
/// One mTLS channel a host, kept open. A host must prove that it is the one that was enrolled: its certificate comes from the internal
/// authority and carries <c>dbaas://host/ID</c>. Thread-safe.
/// </summary>
internal sealed class HostChannels(IHostDirectory directory, PlatformIdentity identity)
    : IDisposable
{
    private readonly ConcurrentDictionary<
        string,
        (string Address, GrpcChannel Channel)
    > _channels = [];

    /// <exception cref="MachineDriverException">No such host.</exception>
    public async Task<GrpcChannel> ToAsync(string hostId, CancellationToken cancellationToken)
    {
        // Channels outlive requests; the address is looked up again only when a call could not connect (Forget).
        if (_channels.TryGetValue(hostId, out var known))
        {
            return known.Channel;
        }

        var address =
            await directory.AddressAsync(hostId, cancellationToken) ?? throw Unknown(hostId);
        return To(hostId, address);
    }

    /// <summary>Ids of the hosts enrolled in a region. Their addresses come with them: nobody needs to look one up for each call.</summary>
    public async Task<IReadOnlyList<string>> InRegionAsync(
        string region,
        CancellationToken cancellationToken
    )
    {
        var hosts = await directory.InRegionAsync(region, cancellationToken);
        foreach (var (id, address) in hosts)
        {
            _ = To(id, address);
        }

        return [.. hosts.Select(host => host.Id)];
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
    }

    private GrpcChannel To(string hostId, string address) =>
        _channels.GetOrAdd(hostId, _ => (address, Open(hostId, address))).Channel;

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
                        ClientCertificates = [identity.Own],
                        LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Own,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                            identity.Proves(certificate, $"dbaas://host/{hostId}"),
                    },
                },
                DisposeHttpClient = true,
                MaxReceiveMessageSize = 16 << 20,
            }
        );

    private static MachineDriverException Unknown(string hostId) =>
        new("host.unknown", $"There is no host {hostId}.", retryable: false);
}
