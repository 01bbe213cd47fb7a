namespace Dbaas.Control.Machines.Host;

/// <summary>Which hosts there are and where.</summary>
internal interface IHostDirectory
{
    /// <summary>host:port of a host's mTLS interface, or null when there is no such host.</summary>
    Task<string?> AddressAsync(string hostId, CancellationToken cancellationToken);

    /// <summary>Hosts enrolled in a region, in the order of their enrolment, each with its address as above.</summary>
    Task<IReadOnlyList<(string Id, string Address)>> InRegionAsync(
        string region,
        CancellationToken cancellationToken
    );
}
