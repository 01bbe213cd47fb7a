using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Common;
using Dbaas.Control.Pki;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Dbaas.Control.Silo.Link;

/// <summary>
/// Mutual TLS 1.3 between silos. Orleans asks nobody who he is: whoever speaks to a silo's port can call any grain. So both ends must prove
/// that they are the control service of this installation before the first byte of Orleans' own protocol. See docs/adr/0022.
/// </summary>
internal sealed partial class SiloLink(PlatformIdentity identity, ILogger<SiloLink> logger)
{
    /// <summary>A stranger who connects and says nothing is let go.</summary>
    private static readonly TimeSpan s_handshake = TimeSpan.FromSeconds(5);

    public void Secure(SiloConnectionOptions connections)
    {
        connections.ConfigureSiloInboundConnection(builder =>
            builder.Use(next => context => AcceptAsync(context, next))
        );
        connections.ConfigureSiloOutboundConnection(builder =>
            builder.Use(next => context => CallAsync(context, next))
        );
    }

    private async Task AcceptAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = identity.Own,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            // A resumed session would not show its certificate again.
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = IsControl,
        };
        await RunAsync(
            context,
            next,
            async (stream, cancellationToken) =>
            {
                try
                {
                    await stream.AuthenticateAsServerAsync(options, cancellationToken);
                    return true;
                }
                catch (Exception exception)
                    when (exception
                            is AuthenticationException
                                or IOException
                                or OperationCanceledException
                    )
                {
                    LogRefused(context.RemoteEndPoint?.ToString() ?? "unknown", exception.Message);
                    return false;
                }
            }
        );
    }

    private Task CallAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var options = new SslClientAuthenticationOptions
        {
            // Certificates name members, not addresses.
            TargetHost = "dbaas-control",
            ClientCertificates = [identity.Own],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Own,
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = IsControl,
        };
        return RunAsync(
            context,
            next,
            async (stream, cancellationToken) =>
            {
                // What it throws is Orleans' to log: it asked for the connection.
                await stream.AuthenticateAsClientAsync(options, cancellationToken);
                return true;
            }
        );
    }

    private static async Task RunAsync(
        ConnectionContext context,
        ConnectionDelegate next,
        Func<SslStream, CancellationToken, Task<bool>> authenticateAsync
    )
    {
        var plain = context.Transport;
        await using var stream = new SslStream(
            new DuplexStream(
                plain.Input.AsStream(leaveOpen: true),
                plain.Output.AsStream(leaveOpen: true)
            )
        );
        using (
            var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed)
        )
        {
            deadline.CancelAfter(s_handshake);
            if (!await authenticateAsync(stream, deadline.Token))
            {
                return;
            }
        }

        var secured = new SecuredTransport(
            PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true))
        );
        context.Transport = secured;
        try
        {
            await next(context);
        }
        finally
        {
            await secured.Input.CompleteAsync();
            await secured.Output.CompleteAsync();
            context.Transport = plain;
        }
    }

    private bool IsControl(
        object sender,
        X509Certificate? certificate,
        X509Chain? chain,
        SslPolicyErrors errors
    ) => identity.Proves(certificate, PlatformIdentity.Control);

    [LoggerMessage(3106, LogLevel.Warning, "Refused {Peer} at the silo's port: {Reason}")]
    private partial void LogRefused(string peer, string reason);

    private sealed record SecuredTransport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
