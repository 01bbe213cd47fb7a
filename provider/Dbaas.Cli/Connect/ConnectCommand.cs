using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Dbaas.Cli.Problems;

namespace Dbaas.Cli.Connect;

/// <summary>`dbaas connect NAME [-- ARGUMENTS]`: the engine's own client, connected.</summary>
internal static class ConnectCommand
{
    private static readonly IReadOnlyList<IEngineClient> Clients =
    [
        new PostgreSqlClient(),
        new MySqlClient(),
    ];

    public static Command Create(CommandRunner runner)
    {
        var name = new Argument<string>("NAME") { Description = "Name or id of the instance." };
        var extra = new Argument<string[]>("ARGUMENTS")
        {
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => [],
            Description = "After --: handed to the client program, e.g. -- -c 'SELECT 1'.",
        };
        var database = new Option<string?>("--database", "-d")
        {
            Description = "Database to open.",
        };
        return runner.Runs(
            new Command(
                "connect",
                "Open the engine's own client (psql, mysql), authenticated and verified."
            )
            {
                name,
                extra,
                database,
            },
            async run =>
            {
                var instance = (
                    await run.Api.GetInstanceAsync(run.Get(name), run.CancellationToken)
                ).ContentOrThrow();
                var client =
                    Clients.FirstOrDefault(candidate => candidate.Engine == instance.Engine)
                    ?? throw new CliException(
                        ExitCode.Unexpected,
                        $"This dbaas knows no client program for {instance.Engine}.",
                        $"`dbaas credentials {instance.Name} -o json` has all that another client needs."
                    );
                var credentials = await run.Api.GetCredentialsAsync(
                    instance.Id,
                    run.Get(database),
                    run.CancellationToken
                );
                using var folder = new SecretFolder();
                return await StartAsync(
                    client,
                    client.Prepare(credentials, folder, run.Get(extra))
                );
            }
        );
    }

    // Ctrl-C belongs to the client program; being in the terminal's foreground group, it gets the signal itself.
    private static async Task<int> StartAsync(IEngineClient client, ProcessStartInfo start)
    {
        try
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            throw new CliException(
                ExitCode.Unexpected,
                $"{start.FileName} is not installed.",
                client.InstallHint
            );
        }
    }
}
