using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Control.Metadata;
using Dbaas.Control.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Dbaas.Control.Tests.Silo;

/// <summary>Whoever reaches a silo's port could call any grain, so nobody gets a word in who does not prove to be the control service.</summary>
public sealed class SiloLinkTests(PostgresFixture postgres)
{
    private const int Active = (int)SiloStatus.Active;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_two_silos_with_certificates_then_they_form_a_cluster_and_call_each_other()
    {
        await using var control = await StartAsync();
        await using var second = await control.BuildBesideAsync(adjust: Patient);
        await second.StartAsync(Token);

        await Eventually.BecomesAsync(() => CountAsync(control, Active), count => count == 2);
        var management = second
            .Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IManagementGrain>(0);
        var silos = (await management.GetHosts(onlyActive: true, Token)).Keys.ToArray();
        Assert.Equal(2, silos.Length);
        // One of the two is asked over the link, whichever silo the management grain is on.
        Assert.Equal(2, (await management.GetRuntimeStatistics(silos, Token)).Length);
        await second.StopAsync(Token);
    }

    private async Task<RunningControl> StartAsync() =>
        await RunningControl.StartAsync(await postgres.ServerAsync(), adjust: Patient);

    /// <summary>
    /// A silo that is believed dead ends its process, and here that is the one of all tests: on a machine under load nobody is judged by
    /// how quickly it answers.
    /// </summary>
    private static void Patient(WebApplicationBuilder builder) =>
        builder.Services.PostConfigure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromMinutes(2);
            options.MaxProbeTimeout = TimeSpan.FromMinutes(2);
            options.NumMissedProbesLimit = 10;
        });

    [Theory]
    [InlineData("plaintext")]
    [InlineData("no certificate")]
    [InlineData("foreign authority")]
    [InlineData("another member")]
    [InlineData("expired")]
    [InlineData("TLS 1.2")]
    public async Task Given_a_peer_that_does_not_prove_to_be_control_then_it_gets_no_answer(
        string peer
    )
    {
        await using var control = await StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(control.Folder, "peer")).FullName;

        Assert.Equal("", await TalkAsync(control, peer, folder));

        // The same words from the control service itself are listened to: it is not the words that are refused.
        Assert.NotEqual("", await TalkAsync(control, "control", folder));
    }

    /// <summary>Says hello as Orleans does and hears what comes back: nothing when the connection is cut.</summary>
    private static async Task<string> TalkAsync(RunningControl control, string peer, string folder)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, control.SiloPort, deadline.Token);
        Stream stream = client.GetStream();
        try
        {
            if (peer != "plaintext")
            {
                stream = await SecureAsync(
                    stream,
                    CertificateOf(control, peer, folder),
                    peer,
                    deadline.Token
                );
            }

            var heard = new byte[64];
            // Orleans' side of an accepted connection speaks first, with the preamble of its protocol.
            if (peer == "plaintext")
            {
                await stream.WriteAsync(new byte[64], deadline.Token);
            }

            var count = await stream.ReadAsync(heard, deadline.Token);
            return peer == "plaintext" && count > 0 && heard[0] == TlsAlert
                ? ""
                : Convert.ToHexString(heard, 0, count);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return "";
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    /// <summary>Content type of a TLS record that carries an alert: RFC 8446, 5.1.</summary>
    private const byte TlsAlert = 21;

    private static async Task<SslStream> SecureAsync(
        Stream stream,
        X509Certificate2? certificate,
        string peer,
        CancellationToken cancellationToken
    )
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "dbaas-control",
                EnabledSslProtocols =
#pragma warning disable CA5397, CA5398 // older on purpose: it must be refused
                    peer == "TLS 1.2" ? SslProtocols.Tls12 : SslProtocols.Tls13,
#pragma warning restore CA5397, CA5398
                ClientCertificates = certificate is null ? [] : [certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
#pragma warning disable CA5359 // the stranger does not care whom it talks to
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            cancellationToken
        );
        return secured;
    }

    private static X509Certificate2? CertificateOf(
        RunningControl control,
        string peer,
        string folder
    )
    {
        var (certificate, key) = peer switch
        {
            "no certificate" => ("", ""),
            "foreign authority" => new TestAuthority(folder, "foreign-ca").Member(
                "foreign",
                "dbaas://control"
            ),
            "another member" => new TestAuthority(
                control.Folder,
                "internal-ca",
                existing: true
            ).Member("host", "dbaas://host/1"),
            "expired" => new TestAuthority(control.Folder, "internal-ca", existing: true).Member(
                "expired",
                "dbaas://control",
                expired: true
            ),
            _ => (
                Path.Combine(control.Folder, "control-client.crt"),
                Path.Combine(control.Folder, "control-client.key")
            ),
        };
        if (certificate.Length == 0)
        {
            return null;
        }

        using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static async Task<long> CountAsync(RunningControl control, int status)
    {
        await using var command = control
            .Services.GetRequiredService<MetadataConnections>()
            .Platform.CreateCommand("SELECT count(*) FROM orleans_membership WHERE status = $1");
        command.Parameters.AddWithValue(status);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
