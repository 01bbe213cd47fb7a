using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Host.Commands;
using Dbaas.Host.Enrolment;
using Dbaas.Host.Rpc;
using Dbaas.Protocol.Host;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Host.Tests.Rpc;

/// <summary>The server as control sees it: real TLS, real certificates, real kernel below.</summary>
[Trait("Needs", "root")]
public sealed class HostCallsTests : IAsyncLifetime
{
    private TestHost host = null!;
    private TestAuthority authority = null!;
    private WebApplication server = null!;

    public async ValueTask InitializeAsync()
    {
        host = await TestHost.StartAsync();
        authority = new(Path.Combine(host.Settings.Root, "pki"));
        var (certificate, key) = authority.Issue("host", "127.0.0.1", "dbaas://host/hst_1");
        File.Copy(certificate, host.Paths.HostCertificate);
        File.Copy(key, host.Paths.HostKey);
        var files = host.Services.GetRequiredService<HostCertificates>();
        File.Copy(authority.AuthorityFile, files.AuthorityFile);
        server = HostDaemon.Build(host.Settings);
        await server.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        authority.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Given_controls_certificate_then_facts_are_told()
    {
        using var channel = Connect("dbaas://control");

        var facts = await Client(channel).GetFactsAsync(new(), cancellationToken: Cancel);

        Assert.Equal("test-a", facts.Region);
        Assert.Equal(TestHost.InstallationId, facts.InstallationId);
        Assert.InRange(facts.CgroupVersion, 1, 2);
        Assert.True(facts.MemoryBytes > 0 && facts.Cpus > 0 && facts.DiskFreeBytes > 0);
    }

    [Fact]
    public async Task Given_a_renewed_certificate_when_the_next_caller_comes_then_it_is_shown_without_a_restart()
    {
        var first = await ShownCertificateAsync();
        // A half-written pair keeps the old one in force.
        File.WriteAllText(host.Paths.HostCertificate, "renewal under way");
        Assert.Equal(first, await ShownCertificateAsync());

        var (certificate, key) = authority.Issue("again", "127.0.0.1", "dbaas://host/hst_1");
        File.Copy(key, host.Paths.HostKey, overwrite: true);
        File.Copy(certificate, host.Paths.HostCertificate, overwrite: true);

        using var renewed = X509CertificateLoader.LoadCertificateFromFile(certificate);
        Assert.Equal(renewed.Thumbprint, await ShownCertificateAsync());
        Assert.NotEqual(first, renewed.Thumbprint);
        using var channel = Connect("dbaas://control");
        Assert.Equal(
            "test-a",
            (await Client(channel).GetFactsAsync(new(), cancellationToken: Cancel)).Region
        );
    }

    [Theory]
    [InlineData("dbaas://host/hst_2")]
    [InlineData("dbaas://control.evil")]
    [InlineData(null)]
    public async Task Given_any_other_certificate_then_the_host_does_not_speak(string? name)
    {
        using var channel = Connect(name);

        await Assert.ThrowsAsync<RpcException>(async () =>
            await Client(channel).GetFactsAsync(new(), cancellationToken: Cancel)
        );
    }

    [Fact]
    public async Task Given_controls_certificate_of_yesterday_then_the_host_does_not_speak()
    {
        using var channel = Connect("dbaas://control", expired: true);

        await Assert.ThrowsAsync<RpcException>(async () =>
            await Client(channel).GetFactsAsync(new(), cancellationToken: Cancel)
        );
    }

    [Fact]
    public async Task Given_a_refusal_then_code_and_retry_are_in_the_trailers()
    {
        using var channel = Connect("dbaas://control");

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client(channel)
                .CreateVolumeAsync(
                    new()
                    {
                        VolumeId = "vol_1",
                        SizeBytes = 1,
                        Owner = new() { TenantId = "ten_1" },
                    },
                    cancellationToken: Cancel
                )
        );

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("volume.too_small", refused.Trailers.GetValue("dbaas-code"));
        Assert.Equal("0", refused.Trailers.GetValue("dbaas-retry"));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("a/b")]
    public async Task Given_an_id_that_is_a_path_then_it_is_refused(string id)
    {
        using var channel = Connect("dbaas://control");

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client(channel)
                .DestroyVolumeAsync(new() { VolumeId = id }, cancellationToken: Cancel)
        );

        Assert.Equal("host.invalid_id", refused.Trailers.GetValue("dbaas-code"));
    }

    [Fact]
    public async Task Given_owned_things_and_a_stray_one_then_the_inventory_tells_them_apart()
    {
        using var channel = Connect("dbaas://control");
        await Client(channel)
            .CreateVolumeAsync(
                new()
                {
                    VolumeId = "vol_1",
                    SizeBytes = 64 << 20,
                    Epoch = 1,
                    Owner = new() { TenantId = "ten_1", InstanceId = "ins_1" },
                },
                cancellationToken: Cancel
            );
        await host.Commands.DoAsync(
            "ip",
            ["netns", "add", host.Names.NetworkNamespace("mac_stray")],
            Cancel
        );

        var items = (
            await Client(channel).GetInventoryAsync(new(), cancellationToken: Cancel)
        ).Items;

        var volume = Assert.Single(items, item => item.Kind == "volume");
        Assert.Equal("ins_1", volume.Owner.InstanceId);
        var stray = Assert.Single(items, item => item.Kind == "network-namespace");
        Assert.Null(stray.Owner);
        Assert.False(stray.Platform);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<string> ShownCertificateAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(host.Settings.Listen), Cancel);
        var shown = "";
        await using var tls = new SslStream(client.GetStream());
        var (certificate, key) = authority.Issue("looker", "127.0.0.1", "dbaas://control");
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)],
                RemoteCertificateValidationCallback = (_, presented, _, _) =>
                {
                    shown = presented?.GetCertHashString() ?? "";
                    return shown.Length > 0;
                },
            },
            Cancel
        );
        return shown;
    }

    private static HostService.HostServiceClient Client(GrpcChannel channel) => new(channel);

    private GrpcChannel Connect(string? name, bool expired = false)
    {
        var (certificate, key) = authority.Issue("client", "127.0.0.1", name, expired);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(authority.AuthorityFile);
        return GrpcChannel.ForAddress(
            "https://" + host.Settings.Listen,
            new()
            {
                HttpHandler = new SocketsHttpHandler
                {
                    UseProxy = false,
                    SslOptions = new SslClientAuthenticationOptions
                    {
                        CertificateChainPolicy = policy,
                        ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)],
                    },
                },
                DisposeHttpClient = true,
            }
        );
    }
}
