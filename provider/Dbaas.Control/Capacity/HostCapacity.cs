namespace Dbaas.Control.Capacity;

/// <summary>One host: what it can promise and what is promised.</summary>
internal sealed record HostCapacity(string HostId, Demand Total, Demand Taken)
{
    public Demand Free => Total - Taken;

    public bool Fits(Demand demand) =>
        demand.Cpu <= Free.Cpu + 1e-9
        && demand.MemoryBytes <= Free.MemoryBytes
        && demand.StorageBytes <= Free.StorageBytes;
}
