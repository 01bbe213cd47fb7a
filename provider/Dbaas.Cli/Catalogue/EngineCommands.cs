using System.CommandLine;
using Dbaas.Cli.Output;

namespace Dbaas.Cli.Catalogue;

/// <summary>`dbaas engine list`.</summary>
internal static class EngineCommands
{
    public static Command Create(CommandRunner runner) =>
        new("engine", "Engines and their versions.")
        {
            runner.Runs(new Command("list", "List versions that can be provisioned."), ListAsync),
        };

    private static async Task ListAsync(Invocation run) =>
        ListView.Write(
            run,
            (await run.Api.ListEnginesAsync(null, run.CancellationToken)).Versions,
            new("engine", version => version.Engine),
            new("version", version => version.Version),
            new("default", version => version.IsDefault ? "yes" : "no"),
            new(
                "minimum memory",
                version => Look.Number(version.MinimumMemoryGib) + " GiB",
                RightAligned: true
            ),
            new("end of life", version => version.EndOfLife)
        );
}
