using System.Net;
using Dbaas.Client.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Host.Tests.Enrolment;

/// <summary>The one endpoint a host calls, over TLS: signs what comes and remembers it.</summary>
internal sealed class EnrollingControl(TestAuthority authority, TimeProvider time)
    : IAsyncDisposable
{
    private WebApplication? app;

    /// <summary>Whether it refuses everybody, as while the metadata is away.</summary>
    public bool Away { get; set; }
    public TimeSpan Life { get; init; } = TimeSpan.FromHours(1);
    public List<EnrolHostRequest> Requests { get; } = [];
    public List<string> Tokens { get; } = [];
    public string Endpoint { get; private set; } = "";

    public async Task StartAsync(string certificate, string key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                    listen.UseHttps(
                        System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(
                            certificate,
                            key
                        )
                    )
            )
        );
        app = builder.Build();
        app.MapPost("/v1/hosts/enrol", Enrol);
        await app.StartAsync(TestContext.Current.CancellationToken);
        Endpoint = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    private IResult Enrol(EnrolHostRequest request, HttpContext context)
    {
        if (Away)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        Requests.Add(request);
        Tokens.Add(context.Request.Headers.Authorization.ToString());
        var now = time.GetUtcNow();
        return Results.Ok(
            new EnrolHostResponse
            {
                HostId = "hst_1",
                CertificatePem = authority.Sign(request.CertificateRequestPem, now, Life),
                StoreCertificatePem = authority.Sign(request.StoreCertificateRequestPem, now, Life),
                InternalAuthorityPem = File.ReadAllText(authority.AuthorityFile),
            }
        );
    }
}
