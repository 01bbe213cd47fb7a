using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Common;
using Microsoft.AspNetCore.Connections;

namespace Dbaas.Provider.Hosting;

/// <summary>
/// Mutual TLS with the host: a one-time certificate of our own, and exactly one client certificate accepted, the one the host put into
/// our environment. Kestrel's own UseHttps would need the whole service container.
/// </summary>
internal sealed class PluginTls : IDisposable
{
    private readonly X509Certificate2 server;
    private readonly X509Certificate2 client;
    private readonly SslServerAuthenticationOptions options;

    public PluginTls(string clientCertificatePem, DateTimeOffset now)
    {
        client = X509Certificate2.CreateFromPem(clientCertificatePem);
        server = MakeCertificate(now);
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        chain.CustomTrustStore.Add(client);
        options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(
                server,
                additionalCertificates: null,
                offline: true
            ),
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateChainPolicy = chain,
            // Identity, not trust: normal chain building would refuse a self-signed certificate that is no authority.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null
                && certificate.GetRawCertData().AsSpan().SequenceEqual(client.RawDataMemory.Span),
        };
    }

    /// <summary>The certificate as the handshake line carries it: base64 without padding, which Go's decoder refuses.</summary>
    public string HandshakeField => Convert.ToBase64String(server.RawDataMemory.Span).TrimEnd('=');

    public ConnectionDelegate Wrap(ConnectionDelegate next) =>
        async connection =>
        {
            var raw = new DuplexStream(
                connection.Transport.Input.AsStream(),
                connection.Transport.Output.AsStream()
            );
            await using var ssl = new SslStream(raw, leaveInnerStreamOpen: false);
            try
            {
                await ssl.AuthenticateAsServerAsync(options, connection.ConnectionClosed);
            }
            catch (Exception error)
                when (error is AuthenticationException or IOException or OperationCanceledException)
            {
                // Someone else on this machine, or a host that went away; neither gets an answer.
                return;
            }

            connection.Transport = new SslPipe(PipeReader.Create(ssl), PipeWriter.Create(ssl));
            await next(connection);
        };

    public void Dispose()
    {
        server.Dispose();
        client.Dispose();
    }

    private static X509Certificate2 MakeCertificate(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            "CN=localhost, O=Dbaas",
            key,
            HashAlgorithmName.SHA256
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddYears(1));
    }

    private sealed record SslPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
