using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Operations;
using Dbaas.LocalKms.Policies;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;
using Dbaas.LocalKms.Signatures;
using Dbaas.LocalKms.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Dbaas.LocalKms.Hosting;

/// <summary>Puts the service together.</summary>
internal static class KmsServer
{
    private const string MasterKeyFile = "master.key";

    public static string MasterKeyPath(string dataFolder) =>
        Path.Combine(dataFolder, MasterKeyFile);

    /// <exception cref="InvalidDataException">A key or the master key on disk cannot be used.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    public static WebApplication Build(KmsSettings settings, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, settings));
        builder.Services.AddRoutingCore();
        builder.Services.AddSerilog(logging =>
            logging
                .MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                .Enrich.WithProperty("Region", settings.Region)
                .WriteTo.Console(new CompactJsonFormatter())
        );
        builder.Services.AddSingleton(settings).AddSingleton(time);
        builder.Services.AddSingleton(_ => MasterKey.Read(MasterKeyPath(settings.DataFolder)));
        builder.Services.AddSingleton<KeyStore>().AddSingleton<KeyCipher>().AddSingleton<KeyGate>();
        builder.Services.AddSingleton<Opening>().AddSingleton<KeyChange>();
        builder
            .Services.AddSingleton<GrantTokens>()
            .AddSingleton<GrantStore>()
            .AddSingleton<PrincipalDirectory>();
        builder.Services.AddSingleton<MaterialRotation>().AddSingleton<PolicyShelf>();
        builder.Services.AddSingleton<Access>().AddSingleton<SignatureCheck>();
        builder.Services.AddSingleton<OperationCatalogue>().AddSingleton<KmsEndpoint>();
        builder.Services.AddKmsOperations();
        builder.Services.AddHostedService<DeletionSweep>().AddHostedService<RotationSweep>();
        builder.Services.AddHostedService<MasterKeyRotation>();

        var app = builder.Build();
        // Made now, so that damaged keys stop the start and not the first request.
        var endpoint = app.Services.GetRequiredService<KmsEndpoint>();
        app.UseRouting();
        app.MapPost("/", endpoint.HandleAsync);
        app.MapGet("/ping", () => "healthy");
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, KmsSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = KmsEndpoint.MaximumBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MaxConcurrentConnections = 4096;
        kestrel.Listen(
            settings.ListenEndPoint,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(
                    new HttpsConnectionAdapterOptions
                    {
                        SslProtocols = SslProtocols.Tls13,
                        ServerCertificate = X509Certificate2.CreateFromPemFile(
                            settings.CertificateFile,
                            settings.CertificateKeyFile
                        ),
                        HandshakeTimeout = TimeSpan.FromSeconds(10),
                    }
                );
            }
        );
    }
}
