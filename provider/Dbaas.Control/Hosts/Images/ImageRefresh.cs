namespace Dbaas.Control.Hosts.Images;

/// <summary>What the operation knows: which version, and the hosts whose newest image shall be a fresh one.</summary>
internal sealed record ImageRefresh
{
    public required string Engine { get; init; }

    /// <summary>Major.</summary>
    public required string Version { get; init; }
    public required IReadOnlyList<ImageRefreshHost> Hosts { get; init; }
}

/// <param name="Region">Of the host.</param>
/// <param name="HostId">The driver's name of it.</param>
internal sealed record ImageRefreshHost(string Region, string HostId);
