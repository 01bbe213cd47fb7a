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
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Tests.Support;

/// <summary>The whole control service over TLS in this process, with a real metadata PostgreSQL and a real key service.</summary>
internal sealed class RunningControl : IAsyncDisposable
{
    private const string Settings = "control.json";
    public const string Region = "test-a";
    public const string EnrolmentToken = "token-of-test-a";

    private readonly string _folder;
    private readonly Func<string, WebApplication> _buildKms;
    private WebApplication? _kms;
    private readonly X509Certificate2Collection _roots = [];

    private RunningControl(
        string folder,
        Func<string, WebApplication> buildKms,
        WebApplication kms,
        WebApplication app
    )
    {
        _folder = folder;
        _buildKms = buildKms;
        _kms = kms;
        App = app;
    }

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    public Uri Address { get; private set; } = null!;

    /// <summary>Name of the metadata database.</summary>
    public string Database { get; private init; } = "";

    /// <summary>Key of the first administrator.</summary>
    public string AdminKey { get; private set; } = "";

    public string KmsSecrets => Path.Combine(_folder, "secrets");

    public string KmsCa => Path.Combine(_folder, "internal-ca.crt");

    /// <summary>PEM authority of the API's certificate.</summary>
    public string CaFile => Path.Combine(_folder, "endpoint-ca.crt");

    public string KmsAddress { get; private set; } = "";

    public static async Task<RunningControl> StartAsync(
        PrivatePostgres server,
        JsonObject? settings = null,
        Action<WebApplicationBuilder>? adjust = null,
        string enrolmentToken = EnrolmentToken
    )
    {
        var database = await server.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("dbaas-control-").FullName;
        var internalCa = new TestAuthority(folder, "internal-ca");
        var endpointCa = new TestAuthority(folder, "endpoint-ca");
        var (kmsCertificate, kmsKey) = internalCa.Loopback("kms");
        var (apiCertificate, apiKey) = endpointCa.Loopback("control");
        var (ownCertificate, ownKey) = internalCa.Member("control-client", "dbaas://control");

        var kmsData = Path.Combine(folder, "kms");
        KmsInitialiser.Run(kmsData, Path.Combine(folder, "secrets"), Region, "000000000000", null);
        WebApplication BuildKms(string listen) =>
            KmsServer.Build(
                new KmsSettings
                {
                    Listen = listen,
                    CertificateFile = kmsCertificate,
                    CertificateKeyFile = kmsKey,
                    DataFolder = kmsData,
                    Region = Region,
                    PrincipalsFile = Path.Combine(kmsData, "principals.json"),
                },
                TimeProvider.System
            );

        var kms = BuildKms("127.0.0.1:0");
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
                    SHA256.HashData(Encoding.UTF8.GetBytes(enrolmentToken))
                ),
            }
        );
        config["pki"] = new JsonObject
        {
            ["internalCertificateFile"] = internalCa.CertificateFile,
            ["internalKeyFile"] = internalCa.KeyFile,
            ["endpointCertificateFile"] = endpointCa.CertificateFile,
            ["endpointKeyFile"] = endpointCa.KeyFile,
            ["clientCertificateFile"] = ownCertificate,
            ["clientKeyFile"] = ownKey,
        };
        config["kmsCredentialsFile"] = Path.Combine(folder, "secrets", "kms-control.json");
        config["kmsCaFile"] = internalCa.CertificateFile;
        config["firstAdminKeyFile"] = "first-admin-key"; // relative to the settings file
        var file = Path.Combine(folder, Settings);
        await File.WriteAllTextAsync(file, config.ToJsonString());

        var app = ControlApplication.Build(["--config", file], adjust);
        var control = new RunningControl(folder, BuildKms, kms, app)
        {
            KmsAddress = kmsAddress,
            Database = database,
        };
        await app.PrepareAsync(CancellationToken.None);
        await app.StartAsync();
        control.Address = new Uri(AddressOf(app));
        control.AdminKey = (
            await File.ReadAllTextAsync(Path.Combine(folder, "first-admin-key"))
        ).Trim();
        control._roots.ImportFromPemFile(endpointCa.CertificateFile);
        return control;
    }

    /// <summary>Folder of its settings, certificates and secrets.</summary>
    public string Folder => _folder;

    public int SiloPort => Services.GetRequiredService<IOptions<ControlOptions>>().Value.SiloPort;

    /// <summary>
    /// A second control service of the same installation, as another process would be: same database, authorities and key service, a silo
    /// of its own. Built, not started.
    /// </summary>
    /// <param name="pki">Files other than those of the installation, by their name in the settings.</param>
    public async Task<WebApplication> BuildBesideAsync(
        IReadOnlyDictionary<string, string>? pki = null,
        Action<WebApplicationBuilder>? adjust = null
    )
    {
        var config = JsonNode
            .Parse(await File.ReadAllTextAsync(Path.Combine(_folder, Settings)))!
            .AsObject();
        config["siloPort"] = FreePort();
        foreach (var (name, path) in pki ?? new Dictionary<string, string>())
        {
            config["pki"]![name] = path;
        }

        var file = Path.Combine(_folder, $"control-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, config.ToJsonString());
        return ControlApplication.Build(["--config", file], adjust);
    }

    /// <summary>What a client must trust.</summary>
    public X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_roots);
        return policy;
    }

    /// <summary>A client with this key, or without any.</summary>
    public HttpClient Client(string? key, System.Security.Authentication.SslProtocols tls = default)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = { EnabledSslProtocols = tls, CertificateChainPolicy = Trust() },
        };
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

    /// <summary>The key service is away; what it has stored stays.</summary>
    public async Task StopKmsAsync()
    {
        if (_kms is { } kms)
        {
            _kms = null;
            await kms.StopAsync();
            await kms.DisposeAsync();
        }
    }

    /// <summary>The key service is back at its address.</summary>
    public async Task StartKmsAsync()
    {
        if (_kms is null)
        {
            _kms = _buildKms(new Uri(KmsAddress).Authority);
            await _kms.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Stopped in order first: a silo that is only disposed of complains about every timer it still had.
        await App.StopAsync();
        await App.DisposeAsync();
        await StopKmsAsync();
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
