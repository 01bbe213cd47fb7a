using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dbaas.Host.Store;

/// <summary>
/// etcd's JSON gateway over TLS 1.3. No client certificate: with authentication on, the gateway refuses one that carries a common
/// name, so everybody shows user and password.
/// </summary>
internal sealed class EtcdConnection : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    private readonly HttpClient client;

    /// <param name="endpoint">host:port.</param>
    /// <param name="authorityFile">PEM file; only certificates of this authority are taken.</param>
    public EtcdConnection(string endpoint, string authorityFile)
    {
        // Read per handshake, not once: the authority may be renewed while the host runs.
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(3),
            UseProxy = false,
            SslOptions = new()
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    Trusts(authorityFile, certificate, errors),
            },
        };
        client = new(handler) { BaseAddress = new($"https://{endpoint}"), Timeout = CallTimeout };
    }

    /// <summary>One call.</summary>
    /// <param name="path">e.g. <c>/v3/kv/range</c>.</param>
    /// <param name="message">Request body.</param>
    /// <param name="type">How to write it.</param>
    /// <param name="token">From <c>/v3/auth/authenticate</c>, or null.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="EtcdRefusal">etcd refused.</exception>
    /// <exception cref="StoreException">etcd cannot be reached.</exception>
    public async Task<EtcdAnswer> PostAsync<T>(
        string path,
        T message,
        JsonTypeInfo<T> type,
        string? token,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(message, type),
        };
        if (token is not null)
        {
            // etcd wants the bare token, without a scheme.
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>etcd's own opinion of itself.</summary>
    public async Task<EtcdAnswer> HealthAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        return await SendAsync(request, cancellationToken);
    }

    public void Dispose() => client.Dispose();

    private async Task<EtcdAnswer> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var answer =
                await response.Content.ReadFromJsonAsync(
                    StoreJson.Default.EtcdAnswer,
                    cancellationToken
                ) ?? new();
            return response.IsSuccessStatusCode || answer.Health is not null
                ? answer
                : throw new EtcdRefusal(answer.Code ?? 0, answer.Message ?? "no reason given");
        }
        catch (Exception exception)
            when (exception is HttpRequestException or JsonException
                || (
                    exception is OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            )
        {
            throw new StoreException(
                "store.unreachable",
                $"The region's etcd at {client.BaseAddress?.Authority} does not answer: {exception.GetBaseException().Message}",
                retryable: true,
                exception
            );
        }
    }

    private static bool Trusts(
        string authorityFile,
        X509Certificate? certificate,
        SslPolicyErrors errors
    )
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authorityFile);
        using var presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(presented);
    }
}
