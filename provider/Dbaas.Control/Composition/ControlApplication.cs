using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Control.Http;
using Dbaas.Control.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Composition;

/// <summary>Puts the service together. Tests build the same application with settings of their own.</summary>
internal static class ControlApplication
{
    /// <param name="args">The command line; <c>--config FILE</c> names the settings file.</param>
    /// <param name="adjust">Lets tests replace outside parts before the application is built.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        var folder = Directory.GetCurrentDirectory();
        if (builder.Configuration["config"] is { } file)
        {
            file = Path.GetFullPath(file);
            folder = Path.GetDirectoryName(file)!;
            builder.Configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
        }

        builder.Services.PostConfigure<ControlOptions>(options =>
            ControlPaths.Resolve(options, folder)
        );
        builder.AddControlLogging();
        builder.AddControlFeatures();
        builder.WebHost.ConfigureKestrel(ConfigureKestrel);
        adjust?.Invoke(builder);
        var app = builder.Build();
        app.UseHttp();
        app.MapControlFeatures();
        return app;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        var control = kestrel
            .ApplicationServices.GetRequiredService<IOptions<ControlOptions>>()
            .Value;
        var certificate = X509Certificate2.CreateFromPemFile(
            control.CertificateFile,
            control.KeyFile
        );
        kestrel.AddServerHeader = false;
        // One more than the API takes, so that the refusal is the API's own, with a body.
        kestrel.Limits.MaxRequestBodySize = JsonBodyMiddleware.MaximumBytes + 1;
        kestrel.Limits.MaxRequestLineSize = 2 * RequestMiddleware.LongestTarget;
        // A client that dribbles its headers or idles is let go, so that it keeps no memory from others.
        var connections = control.Connections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(
            connections.HeadersTimeoutSeconds
        );
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(connections.IdleTimeoutSeconds);
        kestrel.Limits.MaxConcurrentConnections = connections.Maximum;
        kestrel.Listen(
            IPAddress.Parse(control.ListenAddress),
            control.Port,
            listen =>
                listen.UseHttps(https =>
                {
                    https.HandshakeTimeout = TimeSpan.FromSeconds(
                        connections.HeadersTimeoutSeconds
                    );
                    https.ServerCertificate = certificate;
                    https.SslProtocols = SslProtocols.Tls13;
                })
        );
    }
}
