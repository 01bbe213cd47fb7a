using Dbaas.Host.State;

namespace Dbaas.Host.Machines;

/// <summary>What must be remembered of a machine. What it does now, the kernel says.</summary>
internal sealed record MachineRecord
{
    public required string Id { get; init; }
    public required OwnerRecord Owner { get; init; }
    public required string ImageId { get; init; }
    public required string VolumeId { get; init; }

    /// <summary>Ceiling in cores.</summary>
    public required double Cpu { get; init; }

    /// <summary>Hard limit.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>I/O operations a second, reads and writes each; 0: from the table.</summary>
    public required int Iops { get; init; }
    public required string Engine { get; init; }
    public required string EngineVersion { get; init; }
    public required int EnginePort { get; init; }

    /// <summary>On the tenant's network; stays for the machine's life, then another may have it. Empty when it never was here.</summary>
    public required string Address { get; init; }

    /// <summary>Uid of the volume, under which all of the machine runs.</summary>
    public required int Uid { get; init; }
    public required ulong Epoch { get; init; }

    /// <summary>RFC 3339 of the last start; empty before the first.</summary>
    public string StartedAt
    {
        get;
        init => field = value ?? ""; // a file of an earlier version may lack it
    } = "";

    /// <summary>RFC 3339; the record stays for the epoch's sake.</summary>
    public string DestroyedAt
    {
        get;
        init => field = value ?? ""; // a file of an earlier version may lack it
    } = "";

    /// <summary>
    /// Nothing was destroyed: it was fenced before it came. A create from before the fence comes too late, a later one may make it.
    /// </summary>
    public bool FencedOnly { get; init; }
}
