using Dbaas.Protocol.Host;

namespace Dbaas.Host.Gateway;

/// <summary>
/// The region's HAProxy: one stable address an instance. Servers and allowed CIDRs change while connections live; only a new address
/// reloads, which drops none either. All verbs can be repeated. Safe to call from any thread; changes run one after the other.
/// </summary>
internal interface IGateway
{
    /// <summary>Adopts the running HAProxy or starts it with all entries on disk. While the host runs, one that died is started again.</summary>
    /// <exception cref="GatewayException">HAProxy does not come up.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the entry be exactly this. Returns when HAProxy works by it; whether a server passes its health check is in
    /// <see cref="EndpointStatus.Serving"/>.
    /// </summary>
    /// <exception cref="GatewayException">Address, CIDR or target is malformed, the epoch is lower than the stored one, or HAProxy refuses.</exception>
    Task<EndpointStatus> SetAsync(SetEndpointRequest request, CancellationToken cancellationToken);

    /// <summary>Takes the entry away; live connections through it end. True when there was one.</summary>
    Task<bool> RemoveAsync(RemoveEndpointRequest request, CancellationToken cancellationToken);

    /// <summary>One item of kind <c>gateway-entry</c> an entry, for the inventory.</summary>
    Task<IReadOnlyList<InventoryItem>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Ends HAProxy; the entries stay on disk.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
