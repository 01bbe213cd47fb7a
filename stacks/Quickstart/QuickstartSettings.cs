using System.Collections.Immutable;
using Dbaas.Stacks.Settings;
using Pulumi;

namespace Dbaas.Stacks.Quickstart;

/// <summary>What can be set of the quickstart; the defaults are those of examples/quickstart.</summary>
public sealed record QuickstartSettings
{
    public required string Name { get; init; }
    public required string Region { get; init; }

    /// <summary>Of PostgreSQL.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Of MySQL.</summary>
    public required string MySqlVersion { get; init; }

    /// <summary>GiB, for PostgreSQL; <see cref="MySqlMemoryGib"/> follows from it.</summary>
    public required int MemoryGib { get; init; }

    /// <summary>GiB.</summary>
    public required int StorageGib { get; init; }

    /// <summary>Who may connect to either.</summary>
    public required ImmutableArray<string> AllowedCidrs { get; init; }
    public required ImmutableArray<string> Databases { get; init; }

    /// <summary>The MySQL beside it.</summary>
    public string MySqlName => Name + "-mysql";

    /// <summary>GiB. MySQL takes half a GiB more for itself before it serves anybody.</summary>
    public double MySqlMemoryGib => MemoryGib + 0.5;

    /// <exception cref="StackSettingsException">Something is wrong; the message lists all of it.</exception>
    public static QuickstartSettings Read(Config config)
    {
        var settings = new StackSettings(config);
        var read = new QuickstartSettings
        {
            Name = settings.Text("name", "quickstart", Patterns.Name, "a name such as orders"),
            Region = settings.Text("region", "local-a", Patterns.Name, "a region, e.g. local-a"),
            EngineVersion = settings.Text(
                "engineVersion",
                "18",
                Patterns.EngineVersion,
                "a version of PostgreSQL, e.g. 18"
            ),
            MySqlVersion = settings.Text(
                "mysqlVersion",
                "9.7",
                Patterns.EngineVersion,
                "a version of MySQL, e.g. 9.7"
            ),
            MemoryGib = settings.Number("memoryGib", 1, 1, 1024, "GiB"),
            StorageGib = settings.Number("storageGib", 5, 1, 65536, "GiB"),
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
        settings.ThrowIfWrong();
        return read;
    }
}
