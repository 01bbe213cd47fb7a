namespace Dbaas.Control.Tenancy;

/// <summary>What a tenant gets when nobody says otherwise. Enough for a team, too little to take the box by mistake.</summary>
internal sealed class TenancyOptions
{
    public int Instances { get; set; } = 20;

    /// <summary>Cores.</summary>
    public double Cpu { get; set; } = 64;
    public double MemoryGib { get; set; } = 128;
    public int StorageGib { get; set; } = 4096;
}
