using Dbaas.Control.Ids;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Where one member lives.</summary>
internal sealed record MemberState
{
    public required MemberId Member { get; init; }
    public required MachineId Machine { get; init; }
    public required VolumeId Volume { get; init; }

    /// <summary>The driver's name of the host.</summary>
    public required string Host { get; init; }

    /// <summary>Of the machine; empty until it was created.</summary>
    public string Address { get; init; } = "";
}
