using Dbaas.Control.Ids;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Keys;

/// <summary>A wrapped data key with a right to unwrap it, as a host wants it. The right ends with <see cref="IDataKeys.RetireAsync"/>.</summary>
/// <param name="Message">To put into OpenVolumeRequest.</param>
/// <param name="KeyRegion">Region of the key service that gave the grant.</param>
/// <param name="GrantId">Names the grant when it is retired.</param>
internal sealed record GrantedKey(
    WrappedKeyId Id,
    WrappedKey Message,
    string KeyRegion,
    string GrantId
);
