using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Dbaas.Host.Tests.Gateway;

/// <summary>Speaks just enough HTTPS, TLS 1.3 only, to answer a health check with one status.</summary>
internal sealed class CheckServer : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate;
    private readonly int status;
    private readonly Task accepting;
    private int checks;

    public CheckServer(string certificateFile, string keyFile, int status)
    {
        this.status = status;
        using var pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Checks answered so far.</summary>
    public int Checks => Volatile.Read(ref checks);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await accepting;
        certificate.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(ending.Token);
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = certificate,
                        EnabledSslProtocols = SslProtocols.Tls13,
                    },
                    ending.Token
                );
                using var reader = new StreamReader(stream);
                if (await reader.ReadLineAsync(ending.Token) != "GET /primary HTTP/1.1")
                {
                    continue;
                }
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 {status} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    ),
                    ending.Token
                );
                Interlocked.Increment(ref checks);
            }
            catch (Exception exception)
                when (exception
                        is OperationCanceledException
                            or IOException
                            or SocketException
                            or AuthenticationException
                )
            {
                // HAProxy hung up; the next check counts.
            }
        }
    }
}
