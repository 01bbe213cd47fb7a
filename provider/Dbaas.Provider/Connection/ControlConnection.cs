using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Client;
using Dbaas.Provider.Hosting;
using Refit;

namespace Dbaas.Provider.Connection;

/// <summary>Opens the way to the control service: TLS 1.3, trusting the given authority alone or else the system's.</summary>
internal static class ControlConnection
{
    // Longer than the longest `Prefer: wait` and `?wait=` we send, so that it only ends what hangs.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(90);

    /// <exception cref="ConnectionSettingsException">A setting is missing or of no use; names it.</exception>
    public static IResourceApi Open(
        ProviderSettings settings,
        string runId,
        HostTool tool,
        SystemTrust trust,
        ServiceVersion version,
        TimeProvider time
    )
    {
        var client = new HttpClient(
            new ThrottleHandler(RequestTimeout, time)
            {
                InnerHandler = new VersionHandler(version)
                {
                    InnerHandler = MakeHandler(settings, trust),
                },
            }
        )
        {
            BaseAddress = Endpoint(settings.Endpoint, tool),
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            Sendable("apiKey", settings.ApiKey)
                ?? throw new ConnectionSettingsException(
                    "apiKey",
                    $"No API key is known. Set DBAAS_API_KEY (`eval \"$(dbaas env)\"` does), or {tool.HowToSet("apiKey")}.",
                    isMissing: true
                )
        );
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        client.DefaultRequestHeaders.Add(DbaasHeaders.RunId, runId);
        client.DefaultRequestHeaders.Add(DbaasHeaders.ClientKind, tool.Kind);
        if (Sendable("tenant", settings.Tenant) is { Length: > 0 } tenant)
        {
            client.DefaultRequestHeaders.Add(DbaasHeaders.Tenant, tenant);
        }

        return RestService.ForGenerated<IResourceApi>(
            client,
            new RefitSettings(new SystemTextJsonContentSerializer(ProviderJson.Default.Options))
        );
    }

    /// <summary>The value, if a header can hold it: a line break at the end of a file with a key is the usual reason why not.</summary>
    private static string? Sendable(string setting, string? value) =>
        value?.All(letter => letter is > ' ' and <= '~') == false
            ? throw new ConnectionSettingsException(
                setting,
                "It holds a space, a line break or a letter outside ASCII; is it complete, and nothing more?"
            )
            : value;

    /// <summary>The address, if it can be one.</summary>
    /// <exception cref="ConnectionSettingsException">It is missing or no https address.</exception>
    public static Uri Endpoint(string? configured, HostTool tool)
    {
        if (configured is not { Length: > 0 } text)
        {
            throw new ConnectionSettingsException(
                "endpoint",
                $"The control service's address is not known. Set DBAAS_ENDPOINT (`eval \"$(dbaas env)\"` does), or {tool.HowToSet("endpoint")}.",
                isMissing: true
            );
        }

        return
            Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            && endpoint.Scheme == Uri.UriSchemeHttps
            ? endpoint
            : throw new ConnectionSettingsException(
                "endpoint",
                $"'{text}' is no https address. Write for example https://127.0.0.1:7443."
            );
    }

    private static SocketsHttpHandler MakeHandler(ProviderSettings settings, SystemTrust trust)
    {
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // Private authorities publish no revocation lists, and asking for one would call a third party at every plan.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        chain.CustomTrustStore.AddRange(Authorities(settings, trust));
        return new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            // Sooner than the service closes idle ones (30 s), so that no request goes out on a connection that is just being closed.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            EnableMultipleHttp2Connections = true,
            UseCookies = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateChainPolicy = chain,
            },
        };
    }

    private static X509Certificate2Collection Authorities(
        ProviderSettings settings,
        SystemTrust trust
    )
    {
        if (settings.CaFile is not { Length: > 0 } file)
        {
            return trust.Load();
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception error)
            when (error
                    is IOException
                        or UnauthorizedAccessException
                        or System.Security.Cryptography.CryptographicException
            )
        {
            throw new ConnectionSettingsException(
                "caFile",
                $"'{file}' cannot be read as PEM certificates: {error.Message}"
            );
        }

        return authorities.Count > 0
            ? authorities
            : throw new ConnectionSettingsException(
                "caFile",
                $"'{file}' holds no PEM certificate."
            );
    }
}
