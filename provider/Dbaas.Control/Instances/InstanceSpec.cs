using Dbaas.Client.Instances;

namespace Dbaas.Control.Instances;

/// <summary>What an instance shall be: the inputs of schema.json with every default filled in and every value checked.</summary>
internal sealed record InstanceSpec
{
    public required string Name { get; init; }
    public required string Engine { get; init; }
    public required string EngineVersion { get; init; }
    public required string Region { get; init; }

    /// <summary>Cores.</summary>
    public required double Cpu { get; init; }
    public required double MemoryGib { get; init; }
    public required int StorageGib { get; init; }

    /// <summary>As the user wrote it: id or alias; the row holds the id.</summary>
    public required string KmsKeyId { get; init; }
    public required IReadOnlyList<string> AllowedCidrs { get; init; }

    /// <summary>As the user spelled them.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    public required IReadOnlyList<string> Databases { get; init; }
    public required MaintenanceWindow MaintenanceWindow { get; init; }

    /// <summary>immediate or window.</summary>
    public required string ChangePolicy { get; init; }
    public required bool DeletionProtection { get; init; }
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>The engine's major, as the engine itself counts: 18 of 18.1, 9.7 of 9.7.4.</summary>
    public string Major() =>
        Dbaas.Engines.DatabaseEngines.Find(Engine)?.MajorOf(EngineVersion) ?? EngineVersion;

    public long MemoryBytes() => (long)(MemoryGib * (1L << 30));

    public long StorageBytes() => (long)StorageGib << 30;

    public Dbaas.Engines.MachineSize Size() => new(Cpu, MemoryBytes(), StorageBytes());

    /// <summary>The inputs as a user would write them.</summary>
    public InstanceInputs ToInputs() =>
        new()
        {
            Name = Name,
            Engine = Engine,
            EngineVersion = EngineVersion,
            Region = Region,
            Cpu = Cpu,
            MemoryGib = MemoryGib,
            StorageGib = StorageGib,
            KmsKeyId = KmsKeyId,
            AllowedCidrs = AllowedCidrs,
            Parameters = Parameters,
            Databases = Databases,
            MaintenanceWindow = MaintenanceWindow,
            ChangePolicy = ChangePolicy,
            DeletionProtection = DeletionProtection,
            Tags = Tags,
        };
}
