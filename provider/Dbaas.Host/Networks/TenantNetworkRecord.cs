namespace Dbaas.Host.Networks;

/// <summary>The /24 a tenant has in this region, from its first machine to its last.</summary>
/// <param name="TenantId">Whose network it is.</param>
/// <param name="Subnet">Third octet, 0 to 254; 255 holds the service address.</param>
internal sealed record TenantNetworkRecord(string TenantId, int Subnet);
