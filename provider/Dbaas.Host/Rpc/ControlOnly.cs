using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Host.Rpc;

/// <summary>Lets in whoever the internal authority calls <c>dbaas://control</c>, and nobody else: not even another host.</summary>
internal sealed class ControlOnly(X509Certificate2 authority)
{
    public const string Name = "dbaas://control";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public bool Accepts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        // Builders that go through System.Uri write an empty path as "/"; RFC 3986 (6.2.3) calls the two equal.
        return chain.Build(certificate)
            && UriNames.Of(certificate).Any(name => name is Name or Name + "/");
    }
}
