using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Benchmarks.Providers;

/// <summary>The native provider, started and called the way Terraform does: go-plugin's handshake, mTLS, gRPC on a Unix socket.</summary>
internal sealed class PluginProcess : IDisposable
{
    private const string Cookie =
        "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

    private readonly X509Certificate2 certificate;
    private readonly Process process;
    private readonly Task<string> error;
    private readonly long started;
    private string[] handshake = [];

    private PluginProcess(X509Certificate2 certificate, string program)
    {
        this.certificate = certificate;
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment =
            {
                ["TF_PLUGIN_MAGIC_COOKIE"] = Cookie,
                ["PLUGIN_PROTOCOL_VERSIONS"] = "6",
                ["PLUGIN_CLIENT_CERT"] = certificate.ExportCertificatePem(),
            },
        };
        started = Stopwatch.GetTimestamp();
        process = Process.Start(start)!;
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>From fork to the handshake line.</summary>
    public TimeSpan Handshake { get; private set; }

    /// <summary>From fork to the answer of GetProviderSchema.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    /// <summary>Largest resident memory so far, in MiB, as the kernel counts it (VmHWM, with shared pages).</summary>
    public double PeakMib { get; private set; }

    public static async Task<PluginProcess> StartAsync(
        string program,
        CancellationToken cancellationToken
    )
    {
        var plugin = new PluginProcess(MakeCertificate(), program);
        try
        {
            await plugin.ShakeHandsAsync(cancellationToken);
            await plugin.AskForSchemaAsync(cancellationToken);
            plugin.PeakMib = plugin.ReadPeakMib();
            return plugin;
        }
        catch
        {
            plugin.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        certificate.Dispose();
    }

    private async Task ShakeHandsAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        var line = await process.StandardOutput.ReadLineAsync(deadline.Token);
        Handshake = Stopwatch.GetElapsedTime(started);
        // core version | protocol | network | address | rpc | server certificate
        handshake = (line ?? "").Split('|');
        if (handshake is not ["1", "6", "unix", _, "grpc", _])
        {
            process.Kill();
            throw new InvalidOperationException(
                $"The provider answered \"{line}\" instead of a handshake. {await error}"
            );
        }
    }

    private async Task AskForSchemaAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient(Handler()) { Timeout = TimeSpan.FromSeconds(30) };
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            "https://localhost/tfplugin6.Provider/GetProviderSchema"
        )
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            // An empty message: not compressed, of no length.
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        using var answer = await client.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        FirstAnswer = Stopwatch.GetElapsedTime(started);
        var status = answer.TrailingHeaders.TryGetValues("grpc-status", out var values)
            ? values.First()
            : "none";
        if (status != "0" || body.Length <= 5)
        {
            throw new InvalidOperationException(
                $"GetProviderSchema: HTTP {(int)answer.StatusCode}, gRPC status {status}, {body.Length} bytes."
            );
        }
    }

    private SocketsHttpHandler Handler()
    {
        var server = Convert.FromBase64String(
            handshake[5].PadRight((handshake[5].Length + 3) / 4 * 4, '=')
        );
        return new()
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(
                    AddressFamily.Unix,
                    SocketType.Stream,
                    ProtocolType.Unspecified
                );
                await socket.ConnectAsync(
                    new UnixDomainSocketEndPoint(handshake[3]),
                    cancellationToken
                );
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new()
            {
                TargetHost = "localhost",
                EnabledSslProtocols = SslProtocols.Tls13,
                ClientCertificateContext = SslStreamCertificateContext.Create(
                    certificate,
                    additionalCertificates: null,
                    offline: true
                ),
                // The handshake line names the one certificate that is right.
                RemoteCertificateValidationCallback = (_, presented, _, _) =>
                    presented is not null
                    && presented.GetRawCertData().AsSpan().SequenceEqual(server),
            },
        };
    }

    private double ReadPeakMib()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status")
            .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)); // VmHWM: n kB
        var kib = line.Split(':')[1].Trim().Split(' ')[0];
        return double.Parse(kib, CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Like go-plugin's: P-521, valid from a little earlier than now.</summary>
    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA512);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-1), now.AddDays(1));
    }
}
