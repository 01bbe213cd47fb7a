using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Initialise;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Cli.Tests.Kms;

/// <summary>A root folder as an installation has it, with a real key service that listens.</summary>
public sealed class LocalInstallation : IAsyncLifetime
{
    public const string Region = "test-a";
    private WebApplication app = null!;

    public string Root { get; } = Directory.CreateTempSubdirectory("dbaas-cli-kms-").FullName;

    public string Data => Path.Combine(Root, "kms", Region);

    public Dictionary<string, string> Environment => new() { ["DBAAS_ROOT"] = Root };

    public async ValueTask InitializeAsync()
    {
        var pki = Directory.CreateDirectory(Path.Combine(Root, "pki")).FullName;
        var config = Directory.CreateDirectory(Path.Combine(Root, "config")).FullName;
        var (certificate, key) = new TestAuthority(pki, "internal-ca").Loopback("kms-" + Region);
        Directory.CreateDirectory(Path.Combine(Root, "kms"));
        KmsInitialiser.Run(Data, Path.Combine(Root, "secrets"), Region, "000000000000", null);
        app = KmsServer.Build(
            new KmsSettings
            {
                Listen = "127.0.0.1:0",
                CertificateFile = certificate,
                CertificateKeyFile = key,
                DataFolder = Data,
                Region = Region,
                PrincipalsFile = Path.Combine(Data, "principals.json"),
            },
            TimeProvider.System
        );
        await app.StartAsync();
        var address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        await File.WriteAllTextAsync(
            Path.Combine(config, $"kms-{Region}.json"),
            new JsonObject
            {
                ["listen"] = new Uri(address).Authority,
                ["dataFolder"] = Data,
                ["region"] = Region,
            }.ToJsonString()
        );
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }
}
