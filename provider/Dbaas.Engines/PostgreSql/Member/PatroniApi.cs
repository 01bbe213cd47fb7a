using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// The two calls of Patroni's REST interface that the agent needs. Spoken by hand over one TLS 1.3 connection a call: an HttpClient
/// would triple the agent's memory for that.
/// </summary>
internal sealed class PatroniApi(MemberSpec spec)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Whether this member holds the leader lock.</summary>
    public async Task<bool> IsLeaderAsync(CancellationToken cancellationToken) =>
        await CallAsync("GET", "/leader", "", cancellationToken) == 200;

    /// <summary>Merges the document into the cluster's dynamic configuration; true when Patroni took it.</summary>
    public async Task<bool> PatchConfigurationAsync(
        string json,
        CancellationToken cancellationToken
    ) => await CallAsync("PATCH", "/config", json, cancellationToken) == 200;

    /// <summary>The answer's status, or 0 when Patroni does not answer.</summary>
    private async Task<int> CallAsync(
        string method,
        string path,
        string body,
        CancellationToken cancellationToken
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(
                spec.ListenAddress,
                PatroniConfiguration.RestPort,
                deadline.Token
            );
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = spec.ListenAddress,
                    EnabledSslProtocols = SslProtocols.Tls13,
                    // It is our own certificate that must answer, so it is compared and no authority is asked.
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        certificate is not null && IsOurs(certificate),
                },
                deadline.Token
            );
            var credentials = Convert.ToBase64String(
                Encoding.UTF8.GetBytes(
                    $"{PatroniConfiguration.RestUser}:{spec.Secrets.RestPassword}"
                )
            );
            var payload = Encoding.UTF8.GetBytes(body);
            var head = string.Create(
                CultureInfo.InvariantCulture,
                $"{method} {path} HTTP/1.0\r\nAuthorization: Basic {credentials}\r\nContent-Type: application/json\r\nContent-Length: {payload.Length}\r\n\r\n"
            );
            await tls.WriteAsync(Encoding.ASCII.GetBytes(head), deadline.Token);
            await tls.WriteAsync(payload, deadline.Token);
            // "HTTP/1.0 200 OK": the status is all that matters.
            var status = new byte[12];
            await tls.ReadExactlyAsync(status, deadline.Token);
            return int.TryParse(
                Encoding.ASCII.GetString(status, 9, 3),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var code
            )
                ? code
                : 0;
        }
        catch (Exception failure)
            when (failure is IOException or SocketException or AuthenticationException
                || (
                    failure is OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            )
        {
            return 0;
        }
    }

    private bool IsOurs(X509Certificate certificate)
    {
        using var own = X509Certificate2.CreateFromPem(spec.InternalTls.CertificatePem);
        return own.RawDataMemory.Span.SequenceEqual(certificate.GetRawCertData());
    }
}
