using Dbaas.Protocol.Host;

namespace Dbaas.Host.Volumes;

/// <summary>Unwraps data keys.</summary>
internal interface IDataKeys
{
    /// <summary>The plaintext key in pinned memory. The caller zeroes it.</summary>
    /// <exception cref="HostRefusal">The key service refuses or does not answer.</exception>
    Task<byte[]> UnwrapAsync(WrappedKey key, CancellationToken cancellationToken);
}
