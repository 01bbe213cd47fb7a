using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Client;
using Refit;

namespace Dbaas.Cli.Connection;

/// <summary>The REST client: TLS 1.3, the installation's own authority, one run id for the whole run.</summary>
internal sealed class ApiConnection : IDisposable
{
    // Longer than the longest wait the API offers (60 s).
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(90);
    private readonly HttpClient http;

    /// <exception cref="CliException">The authority's file cannot be read.</exception>
    public ApiConnection(ConnectionSettings settings)
    {
        RunId = Guid.NewGuid().ToString("N");
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateChainPolicy = settings.CaFile is { } path ? Trusting(path) : null,
            },
        };
        http = new HttpClient(handler)
        {
            BaseAddress = settings.Endpoint,
            Timeout = RequestTimeout,
        };
        var headers = http.DefaultRequestHeaders;
        headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.ApiKey);
        headers.Add(DbaasHeaders.ClientKind, "cli");
        headers.Add(DbaasHeaders.RunId, RunId);
        if (settings.Tenant is { } tenant)
        {
            headers.Add(DbaasHeaders.Tenant, tenant);
        }

        Api = RestService.ForGenerated<IDbaasApi>(
            http,
            new RefitSettings(new SystemTextJsonContentSerializer(JsonOutput.Options))
        );
    }

    public IDbaasApi Api { get; }

    /// <summary>Names this run of the program to the service, which adopts an interrupted create only when no other run waits for it.</summary>
    public string RunId { get; }

    public void Dispose() => http.Dispose();

    private static X509ChainPolicy Trusting(string path)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // a private authority without a revocation list
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(path);
        }
        catch (Exception exception)
            when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new CliException(
                ExitCode.Usage,
                $"The authority's file {path} cannot be read: {exception.Message}"
            );
        }

        return policy;
    }
}
