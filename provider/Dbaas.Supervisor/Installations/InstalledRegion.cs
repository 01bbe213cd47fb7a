namespace Dbaas.Supervisor.Installations;

/// <param name="Name">e.g. local-a.</param>
/// <param name="MachineRange">IPv4 /16 of its machines.</param>
/// <param name="EndpointRange">Addresses of its endpoints, CIDR.</param>
/// <param name="ServiceAddress">Where machines find the region's store; inside the last /24 of the machine range.</param>
internal sealed record InstalledRegion(
    string Name,
    string MachineRange,
    string EndpointRange,
    string ServiceAddress
);
