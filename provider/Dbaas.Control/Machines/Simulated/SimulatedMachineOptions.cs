namespace Dbaas.Control.Machines.Simulated;

/// <summary>What one simulated host offers.</summary>
public sealed record SimulatedMachineOptions
{
    /// <summary>Regions served; each has one host, <c>sim-REGION</c>.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["local-a", "local-b"];

    /// <summary>Cores of each host. Default 16.</summary>
    public int Cpus { get; init; } = 16;

    /// <summary>Memory of each host in bytes. Default 64 GiB.</summary>
    public long MemoryBytes { get; init; } = 64L << 30;

    /// <summary>Disk of each host in bytes. Default 1 TiB.</summary>
    public long DiskBytes { get; init; } = 1L << 40;

    /// <summary>Folder in which the hosts' state survives a restart; null keeps it in memory.</summary>
    public string? Folder { get; init; }
}
