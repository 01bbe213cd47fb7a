using System.CommandLine;
using Dbaas.Cli.Operations;
using Dbaas.Cli.Output;
using Dbaas.Client.Hosts;

namespace Dbaas.Cli.Hosts;

/// <summary>`dbaas host image …`; for platform administrators.</summary>
internal static class ImageCommands
{
    private static readonly Option<string> Engine = new("--engine")
    {
        Description = "Name of the engine.",
        Required = true,
    };

    private static readonly Option<string> Version = new("--version")
    {
        Description = "Major version.",
        Required = true,
    };

    private static readonly Option<string?> Region = new("--region")
    {
        Description = "Only the hosts of this region. Default: all.",
    };

    public static Command Create(CommandRunner runner) =>
        new("image", "Images that machines are made from.")
        {
            runner.Runs(new Command("list", "List the images on each host."), ListAsync),
            runner.Runs(
                new Command(
                    "refresh",
                    "Build a version's image with what its repository has today. Instances stay on theirs until their engine_version asks for more."
                )
                {
                    Engine,
                    Version,
                    Region,
                },
                async run =>
                {
                    var operation = await run.Api.RefreshImageAsync(
                        new RefreshImageRequest
                        {
                            Engine = run.Get(Engine)!,
                            Version = run.Get(Version)!,
                            Region = run.Get(Region),
                        },
                        run.CancellationToken
                    );
                    return (await OperationWait.UntilEndedAsync(run, operation)).ExitCode;
                }
            ),
        };

    private static async Task ListAsync(Invocation run) =>
        ListView.Write(
            run,
            (await run.Api.ListImagesAsync(run.CancellationToken)).Items,
            new("region", image => image.Region),
            new("engine", image => image.Engine),
            new("version", image => image.EngineVersion),
            new("built", image => image.BuiltAt),
            new("new instances", image => image.Newest ? image.Version : ""),
            new("id", image => image.Id)
        );
}
