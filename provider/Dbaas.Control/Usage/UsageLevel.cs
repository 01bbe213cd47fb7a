namespace Dbaas.Control.Usage;

/// <summary>What an instance uses from one moment on.</summary>
/// <param name="Region">Where.</param>
/// <param name="Running">A stopped one uses its volume alone.</param>
/// <param name="Cpu">Cores.</param>
/// <param name="MemoryGib">GiB.</param>
/// <param name="StorageGib">GiB.</param>
internal sealed record UsageLevel(
    string Region,
    bool Running,
    double Cpu,
    double MemoryGib,
    int StorageGib
);
