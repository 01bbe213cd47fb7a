using System.ComponentModel.DataAnnotations;

namespace Dbaas.Control.Capacity;

/// <summary>What a host may promise (section <c>capacity</c>).</summary>
internal sealed class CapacityOptions
{
    /// <summary>
    /// Cores promised for each real one. CPU is a ceiling, and databases idle most of the time: 8 is the embedded default. A fleet for
    /// steady load wants less.
    /// </summary>
    [Range(1.0, 100.0)]
    public double CpuOvercommit { get; set; } = 8;

    /// <summary>Volumes are sparse: their sum may be this many times the host's disk. 2 leaves time to add a disk.</summary>
    [Range(0.1, 100.0)]
    public double VolumeRatio { get; set; } = 2;

    /// <summary>Memory kept for the host itself and the platform's own parts, in GiB. Memory is never overcommitted.</summary>
    [Range(0.0, 1024.0)]
    public double ReservedMemoryGib { get; set; } = 1;
}
