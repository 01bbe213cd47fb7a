using System.Security.Cryptography;
using Dbaas.Host.Volumes;
using Dbaas.Protocol.Host;

namespace Dbaas.Host.Tests;

/// <summary>Data keys by their ciphertext: the same wrapped key gives the same key, as a key service would.</summary>
internal sealed class RememberedKeys : IDataKeys
{
    public int Unwrapped { get; private set; }

    public Task<byte[]> UnwrapAsync(WrappedKey key, CancellationToken cancellationToken)
    {
        Unwrapped++;
        return Task.FromResult(SHA512.HashData(key.Ciphertext.Span));
    }
}
