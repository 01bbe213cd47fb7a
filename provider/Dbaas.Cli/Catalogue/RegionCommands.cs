using System.CommandLine;
using Dbaas.Cli.Output;

namespace Dbaas.Cli.Catalogue;

/// <summary>`dbaas region list`.</summary>
internal static class RegionCommands
{
    public static Command Create(CommandRunner runner) =>
        new("region", "Regions and what they can still take.")
        {
            runner.Runs(new Command("list", "List regions."), ListAsync),
        };

    private static async Task ListAsync(Invocation run) =>
        ListView.Write(
            run,
            (await run.Api.ListRegionsAsync(run.CancellationToken)).Regions,
            new("name", region => region.Name),
            new("available", region => region.Available ? "yes" : "no"),
            new(
                "free memory",
                region => Look.Number(region.FreeMemoryGib) + " GiB",
                RightAligned: true
            ),
            new(
                "free storage",
                region => Look.Number(region.FreeStorageGib) + " GiB",
                RightAligned: true
            )
        );
}
