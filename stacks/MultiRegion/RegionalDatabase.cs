using Pulumi;
using Pulumi.Dbaas;
using Pulumi.Dbaas.Inputs;
using Pulumi.Dbaas.Outputs;

namespace Dbaas.Stacks.MultiRegion;

/// <summary>One region's database. Regions share nothing, so that the loss of one means nothing to the others.</summary>
public sealed class RegionalDatabase : ComponentResource
{
    /// <param name="settings">Of the whole topology.</param>
    /// <param name="region">Where it runs.</param>
    /// <param name="window">Day on which the platform may restart it; each region has another one.</param>
    /// <param name="options">Parent, providers and the like.</param>
    public RegionalDatabase(
        MultiRegionSettings settings,
        string region,
        Weekday window,
        ComponentResourceOptions? options = null
    )
        : base("dbaas-stacks:multi-region:RegionalDatabase", region, options)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var instance = new DatabaseInstance(
            $"{settings.Name}-{region}",
            new DatabaseInstanceArgs
            {
                Name = $"{settings.Name}-{region}",
                Engine = Engine.PostgreSql,
                EngineVersion = settings.EngineVersion,
                Region = region,
                Cpu = settings.Cpu,
                MemoryGib = settings.MemoryGib,
                StorageGib = settings.StorageGib,
                AllowedCidrs = settings.AllowedCidrs,
                Databases = settings.Databases,
                // What needs a restart waits for the region's own night.
                ChangePolicy = ChangePolicy.Window,
                MaintenanceWindow = new MaintenanceWindowArgs { Day = window, StartTime = "02:00" },
                DeletionProtection = true,
                Tags = { ["topology"] = settings.Name, ["region"] = region },
            },
            new CustomResourceOptions { Parent = this, Protect = true }
        );
        InstanceId = instance.Id;
        Endpoint = instance.Endpoint;
        RegisterOutputs(
            new Dictionary<string, object?> { ["id"] = InstanceId, ["endpoint"] = Endpoint }
        );
    }

    /// <summary>ins_…</summary>
    public Output<string> InstanceId { get; }

    /// <summary>Where the region's clients connect.</summary>
    public Output<Endpoint> Endpoint { get; }
}
