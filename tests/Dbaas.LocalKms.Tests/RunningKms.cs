using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbaas.LocalKms.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Dbaas.LocalKms.Tests;

/// <summary>The real service in this process, with a clock the test can move.</summary>
public sealed class RunningKms : IAsyncLifetime
{
    private readonly KmsFiles files = new();
    private WebApplication app = null!;

    internal KmsFiles Files => files;

    internal FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    internal Uri Endpoint { get; private set; } = null!;

    internal AmazonKeyManagementServiceClient Control { get; private set; } = null!;

    /// <summary>Whom the AWS CLI of the machine's owner signs as.</summary>
    internal AmazonKeyManagementServiceClient Administrator { get; private set; } = null!;

    internal AmazonKeyManagementServiceClient Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        app = KmsServer.Build(files.Settings(0), Clock);
        await app.StartAsync();
        var addresses = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>();
        Endpoint = new Uri(addresses!.Addresses.Single());
        Control = KmsClients.Create(Endpoint, files.CertificatePath, files.Control);
        Administrator = KmsClients.Create(Endpoint, files.CertificatePath, files.Administrator);
        Host = KmsClients.Create(Endpoint, files.CertificatePath, files.Host);
    }

    internal async Task<string> NewKeyAsync(CancellationToken cancellationToken) =>
        (await Control.CreateKeyAsync(new CreateKeyRequest(), cancellationToken)).KeyMetadata.KeyId;

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        Administrator.Dispose();
        Host.Dispose();
        await app.DisposeAsync();
        files.Dispose();
    }
}
