using System.Collections.Immutable;
using Dbaas.Stacks.Settings;
using Pulumi;

namespace Dbaas.Stacks.MultiRegion;

/// <summary>What can be set of a topology with a database in each of several regions.</summary>
public sealed record MultiRegionSettings
{
    /// <summary>First part of each instance's name; the region is the second.</summary>
    public required string Name { get; init; }
    public required ImmutableArray<string> Regions { get; init; }
    public required string EngineVersion { get; init; }

    /// <summary>Cores.</summary>
    public required int Cpu { get; init; }

    /// <summary>GiB.</summary>
    public required int MemoryGib { get; init; }

    /// <summary>GiB.</summary>
    public required int StorageGib { get; init; }
    public required ImmutableArray<string> AllowedCidrs { get; init; }
    public required ImmutableArray<string> Databases { get; init; }

    /// <exception cref="StackSettingsException">Something is wrong; the message lists all of it.</exception>
    public static MultiRegionSettings Read(Config config)
    {
        var settings = new StackSettings(config);
        var read = new MultiRegionSettings
        {
            Name = settings.Required("name", Patterns.Name, "a name such as orders"),
            Regions = settings.List(
                "regions",
                ["local-a", "local-b"],
                Patterns.Name,
                "a list of regions, e.g. [\"local-a\", \"local-b\"]"
            ),
            EngineVersion = settings.Text(
                "engineVersion",
                "18",
                Patterns.EngineVersion,
                "a version of PostgreSQL, e.g. 18"
            ),
            Cpu = settings.Number("cpu", 2, 1, 64, "cores"),
            MemoryGib = settings.Number("memoryGib", 2, 1, 1024, "GiB"),
            StorageGib = settings.Number("storageGib", 20, 1, 65536, "GiB"),
            AllowedCidrs = settings.List(
                "allowedCidrs",
                ["127.0.0.0/8"],
                Patterns.Network,
                "a list of networks, e.g. [\"10.1.0.0/16\"]"
            ),
            Databases = settings.List(
                "databases",
                ["app"],
                Patterns.Database,
                "a list of names, e.g. [\"app\"]"
            ),
        };
        settings.Rule(
            read.Regions.Distinct(StringComparer.Ordinal).Count() == read.Regions.Length,
            $"{StackSettings.FullKey("regions")}: name each region once."
        );
        settings.Rule(
            read.Regions.All(region => read.Name.Length + 1 + region.Length <= 63),
            $"{StackSettings.FullKey("name")}: choose a shorter one; with the region behind it, it may have 63 characters."
        );
        settings.ThrowIfWrong();
        return read;
    }
}
