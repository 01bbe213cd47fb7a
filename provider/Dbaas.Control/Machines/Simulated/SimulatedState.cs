namespace Dbaas.Control.Machines.Simulated;

/// <summary>Everything one simulated host holds; what persists when a folder is given.</summary>
internal sealed record SimulatedState
{
    public Dictionary<string, SimulatedVolume> Volumes { get; init; } = [];
    public Dictionary<string, SimulatedMachine> Machines { get; init; } = [];
    public List<string> Images { get; init; } = [];
    public Dictionary<string, SimulatedEndpoint> Endpoints { get; init; } = [];
    public Dictionary<string, SimulatedStoreUser> StoreUsers { get; init; } = [];

    /// <summary>Highest epoch seen per object; outlives the object, so that a late call cannot bring it back.</summary>
    public Dictionary<string, ulong> Epochs { get; init; } = [];
    public int NextAddress { get; set; }
}

internal sealed record SimulatedOwner(string TenantId, string InstanceId, string MemberId);

internal sealed record SimulatedVolume(
    SimulatedOwner Owner,
    long SizeBytes,
    bool Open,
    bool Initialised
);

internal sealed record SimulatedMachine
{
    public required SimulatedOwner Owner { get; init; }
    public required string ImageId { get; init; }
    public required string VolumeId { get; init; }
    public required string Address { get; init; }
    public required double Cpu { get; init; }
    public required long MemoryBytes { get; init; }

    /// <summary>created, running, stopped.</summary>
    public required string State { get; init; }

    /// <summary>absent, running, stopped.</summary>
    public string Engine { get; init; } = "absent";
    public long Generation { get; init; }

    /// <summary>How many of the next changes the engine does not live to see the end of.</summary>
    public int Interruptions { get; init; }
    public Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>What the running engine was started with.</summary>
    public Dictionary<string, string> StartedWith { get; init; } = [];
    public HashSet<string> Databases { get; init; } = [];
    public List<string> PendingRestart { get; init; } = [];
    public string EngineVersion { get; init; } = "";
}

internal sealed record SimulatedEndpoint(
    SimulatedOwner Owner,
    string Address,
    int Port,
    List<string> AllowedCidrs,
    List<string> Targets
);

internal sealed record SimulatedStoreUser(SimulatedOwner Owner, string Cluster);
