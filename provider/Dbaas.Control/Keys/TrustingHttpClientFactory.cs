using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace Dbaas.Control.Keys;

/// <summary>HTTP for key services: TLS 1.3 only, trusting the platform's own authority or, for a public key service, the system's.</summary>
internal sealed class TrustingHttpClientFactory(string authorityFile) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(authorityFile);
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ConnectTimeout = TimeSpan.FromSeconds(3),
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    errors == SslPolicyErrors.None
                    || errors == SslPolicyErrors.RemoteCertificateChainErrors
                        && SignedByPlatform(certificate, chain, authorities),
            },
        };
        return new HttpClient(handler, disposeHandler: true)
        {
            Timeout = clientConfig.Timeout ?? TimeSpan.FromSeconds(5),
        };
    }

    public override string GetConfigUniqueString(IClientConfig clientConfig) => authorityFile;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    // Only the chain is judged anew here: name and dates were checked, and a wrong name is refused before.
    private static bool SignedByPlatform(
        X509Certificate? certificate,
        X509Chain? presented,
        X509Certificate2Collection authorities
    )
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        using var leaf = new X509Certificate2(certificate);
        return chain.Build(leaf);
    }
}
