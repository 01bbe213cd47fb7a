namespace Dbaas.Host.Networks;

/// <summary>The /24 a tenant has in this region. Kept for good: an address that moves to another tenant invites confusion.</summary>
/// <param name="TenantId">Whose network it is.</param>
/// <param name="Subnet">Third octet, 0 to 254; 255 holds the service address.</param>
internal sealed record TenantNetworkRecord(string TenantId, int Subnet);
