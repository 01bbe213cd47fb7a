using System.Diagnostics;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dbaas.Client.Catalogue;
using Dbaas.Client.Instances;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dbaas.Benchmarks.Requests;

/// <summary>
/// The least an ASP.NET Core endpoint does: TLS 1.3 with the same certificate, and the same answer made into JSON from memory. No key is
/// checked, nothing is read, counted or logged. A process of its own, so that both sides meet the load from outside.
/// </summary>
internal static class BareEndpoint
{
    public const string Argument = "--bare-endpoint";

    /// <summary>This program once more, as the endpoint; ready when it has said so.</summary>
    public static async Task<Process> StartAsync(params IEnumerable<string> arguments)
    {
        var process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, [Argument, .. arguments])
            {
                // Held open for as long as it shall serve.
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        return await process.StandardOutput.ReadLineAsync() is "ready"
            ? process
            : throw new InvalidOperationException("The bare endpoint did not start.");
    }

    /// <param name="arguments">Port, certificate, key, a file with one instance and one with a page of them.</param>
    public static async Task ServeAsync(IReadOnlyList<string> arguments)
    {
        var json = JsonSerializerOptions.Web;
        var one = JsonSerializer.Deserialize<InstanceView>(
            await File.ReadAllTextAsync(arguments[3]),
            json
        )!;
        var page = JsonSerializer.Deserialize<Page<InstanceView>>(
            await File.ReadAllTextAsync(arguments[4]),
            json
        )!;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture),
                listen =>
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = X509Certificate2.CreateFromPemFile(
                            arguments[1],
                            arguments[2]
                        );
                        https.SslProtocols = SslProtocols.Tls13;
                    })
            )
        );
        await using var app = builder.Build();
        app.MapGet("/v1/instances/{id}", (string id) => TypedResults.Ok(one));
        app.MapGet("/v1/instances", () => TypedResults.Ok(page));
        await app.StartAsync();
        Console.WriteLine("ready");
        // Ends with whoever started it.
        await Console.In.ReadToEndAsync();
    }
}
