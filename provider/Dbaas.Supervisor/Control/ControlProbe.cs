using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dbaas.Supervisor.Installations;

namespace Dbaas.Supervisor.Control;

/// <summary>The few questions the supervisor has for the control service.</summary>
internal sealed class ControlProbe : IDisposable
{
    private readonly HttpClient client;

    public ControlProbe(InstallationPaths paths, Installation installation)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(
            paths.Certificate("endpoint-ca")
        );
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        };
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        client = new(handler)
        {
            BaseAddress = new(installation.ControlEndpoint),
            Timeout = TimeSpan.FromSeconds(5),
        };
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync("/readyz", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception)
            when (exception is HttpRequestException
                || (
                    exception is TaskCanceledException && !cancellationToken.IsCancellationRequested
                )
            )
        {
            return false;
        }
    }

    /// <summary>Regions whose host control can reach.</summary>
    public async Task<IReadOnlyList<string>> OnlineRegionsAsync(
        Profile profile,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/hosts");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", profile.ApiKey);
            using var answer = await client.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                return [];
            }

            using var page = JsonDocument.Parse(
                await answer.Content.ReadAsByteArrayAsync(cancellationToken)
            );
            return
            [
                .. page
                    .RootElement.GetProperty("items")
                    .EnumerateArray()
                    .Where(host => host.GetProperty("state").GetString() == "online")
                    .Select(host => host.GetProperty("region").GetString() ?? ""),
            ];
        }
        catch (Exception exception)
            when (exception is HttpRequestException or JsonException
                || (
                    exception is TaskCanceledException && !cancellationToken.IsCancellationRequested
                )
            )
        {
            return [];
        }
    }

    public void Dispose() => client.Dispose();
}
