using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.Control.Composition;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Initialise;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Support;

/// <summary>The whole control service over TLS in this process, with a real metadata PostgreSQL and a real key service.</summary>
internal sealed class RunningControl : IAsyncDisposable
{
    public const string Region = "test-a";
    public const string EnrolmentToken = "token-of-test-a";

    private readonly string _folder;
    private readonly WebApplication _kms;
    private readonly X509Certificate2Collection _roots = [];

    private RunningControl(string folder, WebApplication kms, WebApplication app)
    {
        _folder = folder;
        _kms = kms;
        App = app;
    }

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    public Uri Address { get; private set; } = null!;

    /// <summary>Key of the first administrator.</summary>
    public string AdminKey { get; private set; } = "";

    public string KmsSecrets => Path.Combine(_folder, "secrets");

    public string KmsCa => Path.Combine(_folder, "internal-ca.crt");

    public string KmsAddress { get; private set; } = "";

    public static async Task<RunningControl> StartAsync(
        PrivatePostgres server,
        JsonObject? settings = null
    )
    {
        var database = await server.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("dbaas-control-").FullName;
        var internalCa = new TestAuthority(folder, "internal-ca");
        var endpointCa = new TestAuthority(folder, "endpoint-ca");
        var (kmsCertificate, kmsKey) = internalCa.Loopback("kms");
        var (apiCertificate, apiKey) = endpointCa.Loopback("control");

        var kmsData = Path.Combine(folder, "kms");
        KmsInitialiser.Run(kmsData, Path.Combine(folder, "secrets"), Region, "000000000000", null);
        var kms = KmsServer.Build(
            new KmsSettings
            {
                Listen = "127.0.0.1:0",
                CertificateFile = kmsCertificate,
                CertificateKeyFile = kmsKey,
                DataFolder = kmsData,
                Region = Region,
                PrincipalsFile = Path.Combine(kmsData, "principals.json"),
            },
            TimeProvider.System
        );
        await kms.StartAsync();
        var kmsAddress = AddressOf(kms);
        var hostPrincipal = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(folder, "secrets", $"kms-host-{Region}.json"))
        )!["arn"]!.GetValue<string>();

        var config = settings ?? [];
        config["port"] = 0;
        config["siloPort"] = FreePort(); // a silo must know its port before it listens
        config["certificateFile"] = apiCertificate;
        config["keyFile"] = apiKey;
        config["metadata"] = new JsonObject
        {
            ["socketDirectory"] = server.SocketDirectory,
            ["database"] = database,
            ["maxPoolSize"] = 20,
            ["startTimeoutSeconds"] = 30,
        };
        config["regions"] = new JsonArray(
            new JsonObject
            {
                ["name"] = Region,
                ["kmsEndpoint"] = kmsAddress,
                ["hostPrincipal"] = hostPrincipal,
                ["driver"] = "simulated",
            }
        );
        config["enrolment"] = new JsonArray(
            new JsonObject
            {
                ["region"] = Region,
                ["tokenSha256"] = Convert.ToHexStringLower(
                    SHA256.HashData(Encoding.UTF8.GetBytes(EnrolmentToken))
                ),
            }
        );
        config["pki"] = new JsonObject
        {
            ["internalCertificateFile"] = internalCa.CertificateFile,
            ["internalKeyFile"] = internalCa.KeyFile,
            ["endpointCertificateFile"] = endpointCa.CertificateFile,
            ["endpointKeyFile"] = endpointCa.KeyFile,
        };
        config["kmsCredentialsFile"] = Path.Combine(folder, "secrets", "kms-control.json");
        config["kmsCaFile"] = internalCa.CertificateFile;
        config["firstAdminKeyFile"] = "first-admin-key"; // relative to the settings file
        var file = Path.Combine(folder, "control.json");
        await File.WriteAllTextAsync(file, config.ToJsonString());

        var app = ControlApplication.Build(["--config", file]);
        var control = new RunningControl(folder, kms, app) { KmsAddress = kmsAddress };
        await app.PrepareAsync(CancellationToken.None);
        await app.StartAsync();
        control.Address = new Uri(AddressOf(app));
        control.AdminKey = (
            await File.ReadAllTextAsync(Path.Combine(folder, "first-admin-key"))
        ).Trim();
        control._roots.ImportFromPemFile(endpointCa.CertificateFile);
        return control;
    }

    /// <summary>A client with this key, or without any.</summary>
    public HttpClient Client(string? key, System.Security.Authentication.SslProtocols tls = default)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                EnabledSslProtocols = tls,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(_roots);
        var client = new HttpClient(handler) { BaseAddress = Address };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                key
            );
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await _kms.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string AddressOf(WebApplication app) =>
        app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
}
