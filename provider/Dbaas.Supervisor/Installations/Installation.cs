namespace Dbaas.Supervisor.Installations;

/// <summary>What makes one installation on a box different from another: <c>installation.json</c>. Never changed once written.</summary>
internal sealed record Installation
{
    /// <summary>Eight hex digits, random; in the name of every kernel object.</summary>
    public required string Id { get; init; }

    /// <summary>First port; docs/architecture.md says which unit has which offset.</summary>
    public required int PortBase { get; init; }

    /// <summary>First of 10,000 uids (and gids).</summary>
    public required int UidBase { get; init; }

    public required IReadOnlyList<InstalledRegion> Regions { get; init; }

    /// <summary>Folder of images; outside the root when several installations share one.</summary>
    public required string ImageStore { get; init; }

    public int ControlPort => PortBase + 3;
    public int SiloPort => PortBase + 4;
    public int ControlUid => UidBase;
    public int MetadataUid => UidBase + 1;
    public int KmsUid => UidBase + 2;
    public string ControlEndpoint => $"https://127.0.0.1:{ControlPort}";

    public int KmsPort(InstalledRegion region) => PortBase + 11 + Index(region);

    public int HostPort(InstalledRegion region) => PortBase + 21 + Index(region);

    public int EtcdClientPort(InstalledRegion region) => PortBase + 31 + Index(region);

    public int EtcdPeerPort(InstalledRegion region) => PortBase + 41 + Index(region);

    private int Index(InstalledRegion region)
    {
        for (var index = 0; index < Regions.Count; index++)
        {
            if (Regions[index].Name == region.Name)
            {
                return index;
            }
        }

        throw new ArgumentException($"There is no region {region.Name}.", nameof(region));
    }
}
