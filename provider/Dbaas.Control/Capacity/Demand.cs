namespace Dbaas.Control.Capacity;

/// <summary>What something takes, or what is taken.</summary>
/// <param name="Instances">How many.</param>
/// <param name="Cpu">Cores.</param>
/// <param name="MemoryBytes">Bytes of memory.</param>
/// <param name="StorageBytes">Bytes of volume.</param>
internal readonly record struct Demand(
    int Instances,
    double Cpu,
    long MemoryBytes,
    long StorageBytes
)
{
    public static Demand operator +(Demand one, Demand other) =>
        new(
            one.Instances + other.Instances,
            one.Cpu + other.Cpu,
            one.MemoryBytes + other.MemoryBytes,
            one.StorageBytes + other.StorageBytes
        );

    public static Demand operator -(Demand one, Demand other) =>
        new(
            one.Instances - other.Instances,
            one.Cpu - other.Cpu,
            one.MemoryBytes - other.MemoryBytes,
            one.StorageBytes - other.StorageBytes
        );
}
