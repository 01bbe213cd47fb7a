using System.Net;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Host.Configuration;
using Dbaas.Host.Enrolment;
using Dbaas.Host.Facts;
using Dbaas.Host.Gateway;
using Dbaas.Host.Machines;
using Dbaas.Host.Networks;
using Dbaas.Host.Store;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Serilog;
using Serilog.Formatting.Compact;

namespace Dbaas.Host.Rpc;

/// <summary>The daemon: enrols, brings the region's own parts up, then serves the control service over mTLS, TLS 1.3 only.</summary>
internal static class HostDaemon
{
    public static async Task<int> RunAsync(string configurationFile)
    {
        var settings = HostSettingsFile.Read(configurationFile);
        await using var app = Build(settings);
        using var stop = new CancellationTokenSource();
        // The supervisor ends us with SIGTERM, maybe before the server runs. What we have begun is an ensure: the next start goes on.
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndInOrder);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndInOrder);
        try
        {
            await PrepareAsync(app.Services, stop.Token);
            await app.RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end while preparing.
        }
        return 0;

        void EndInOrder(PosixSignalContext signal)
        {
            signal.Cancel = true; // the runtime would leave at once, in the middle of a call
            stop.Cancel();
        }
    }

    /// <summary>The server alone; certificates must be there when the first caller comes.</summary>
    internal static WebApplication Build(HostSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSerilog(log =>
            log.MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft.AspNetCore", Serilog.Events.LogEventLevel.Warning)
                .MinimumLevel.Override("Grpc", Serilog.Events.LogEventLevel.Warning)
                .WriteTo.Console(new RenderedCompactJsonFormatter())
        );
        builder.Services.AddHost(settings);
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<RefusalInterceptor>());
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, settings));

        var app = builder.Build();
        app.MapGrpcService<HostCalls>();
        return app;
    }

    private static async Task PrepareAsync(
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        services.GetRequiredService<HostPaths>().Ensure();
        // Needs no control service and the store's address must exist before the store starts.
        await services
            .GetRequiredService<TenantNetworks>()
            .EnsureFoundationsAsync(cancellationToken);
        await services.GetRequiredService<HostEnrolment>().EnsureAsync(cancellationToken);
        await services.GetRequiredService<WriteSpeed>().EnsureAsync(cancellationToken);
        await services.GetRequiredService<RuncMachines>().UpgradeAgentsAsync(cancellationToken);
        _ = StartRegionAsync(services, cancellationToken);
    }

    /// <summary>Store and gateway come up beside us: an image may have to be built first, and machines must be reachable meanwhile.</summary>
    private static async Task StartRegionAsync(
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var logger = services
            .GetRequiredService<ILoggerFactory>()
            .CreateLogger("Dbaas.Host.Region");
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await (
                    services.GetService<IStore>()?.StartAsync(cancellationToken)
                    ?? Task.CompletedTask
                );
                await (
                    services.GetService<IGateway>()?.StartAsync(cancellationToken)
                    ?? Task.CompletedTask
                );
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                RegionLog.NotUp(logger, exception);
                await Task.Delay(
                    TimeSpan.FromSeconds(5),
                    services.GetRequiredService<TimeProvider>(),
                    cancellationToken
                );
            }
        }
    }

    private static void Listen(KestrelServerOptions kestrel, HostSettings settings)
    {
        var certificates = kestrel.ApplicationServices.GetRequiredService<HostCertificates>();
        kestrel.Listen(
            IPEndPoint.Parse(settings.Listen),
            listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                var control = new LatestFile<ControlOnly>(
                    certificates.AuthorityFile,
                    () => new(certificates.LoadAuthority())
                );
                var own = new LatestFile<X509Certificate2>(
                    certificates.HostFile,
                    certificates.LoadHost
                );
                listen.UseHttps(https =>
                {
                    https.SslProtocols = SslProtocols.Tls13;
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ServerCertificateSelector = (_, _) => own.Value;
                    https.ClientCertificateValidation = (client, _, _) =>
                        control.Value.Accepts(client);
                });
            }
        );
    }
}
