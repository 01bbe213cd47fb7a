using System.Collections.Immutable;
using Pulumi;
using Pulumi.Dbaas;
using Pulumi.Dbaas.Outputs;

namespace Dbaas.Stacks.MultiRegion;

/// <summary>The same database in each of several regions, restarted on different days.</summary>
public sealed class MultiRegionStack : Stack
{
    private static readonly Weekday[] Week =
    [
        Weekday.Monday,
        Weekday.Tuesday,
        Weekday.Wednesday,
        Weekday.Thursday,
        Weekday.Friday,
        Weekday.Saturday,
        Weekday.Sunday,
    ];

    public MultiRegionStack()
    {
        var settings = MultiRegionSettings.Read(new Pulumi.Config());
        Available = GetRegions.Invoke().Apply(answer => Check(settings.Regions, answer.Regions));
        var databases = settings
            .Regions.Select(
                (region, index) =>
                    (
                        Region: region,
                        Database: new RegionalDatabase(settings, region, Week[index % Week.Length])
                    )
            )
            .ToList();
        Endpoints = Output
            .All(databases.Select(entry => entry.Database.Endpoint))
            .Apply(endpoints =>
                databases
                    .Select((entry, index) => (entry.Region, Endpoint: endpoints[index]))
                    .ToImmutableDictionary(
                        entry => entry.Region,
                        entry => $"{entry.Endpoint.Host}:{entry.Endpoint.Port}"
                    )
            );
    }

    /// <summary>host:port by region.</summary>
    [Output("endpoints")]
    public Output<ImmutableDictionary<string, string>> Endpoints { get; private set; }

    /// <summary>Regions of the topology that take new instances now.</summary>
    [Output("availableRegions")]
    public Output<ImmutableArray<string>> Available { get; private set; }

    // A region that does not exist is the platform's to refuse; one that is full is worth a word before half of the topology stands.
    private static ImmutableArray<string> Check(
        ImmutableArray<string> wanted,
        ImmutableArray<Region> regions
    )
    {
        var available = regions.Where(region => region.Available).Select(region => region.Name);
        var missing = wanted.Except(available, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            Log.Warn($"These regions take no new instances now: {string.Join(", ", missing)}.");
        }

        return [.. wanted.Except(missing, StringComparer.Ordinal)];
    }
}
