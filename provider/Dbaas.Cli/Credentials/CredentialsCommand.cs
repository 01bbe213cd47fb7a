using System.CommandLine;
using Dbaas.Cli.Operations;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Spectre.Console;

namespace Dbaas.Cli.Credentials;

/// <summary>`dbaas credentials NAME` and `dbaas credentials rotate NAME`.</summary>
internal static class CredentialsCommand
{
    private static readonly Option<string?> Database = new("--database")
    {
        Description = "Database to name in the answer.",
    };

    private static readonly Option<bool> ShowPassword = new("--show-password")
    {
        Description = "Print the password among the rest.",
    };

    public static Command Create(CommandRunner runner)
    {
        var name = new Argument<string>("NAME") { Description = "Name or id of the instance." };
        var command = new Command(
            "credentials",
            "Fetch the login of an instance (each fetch is audited); -o json holds the password."
        )
        {
            name,
            Database,
            ShowPassword,
            Rotate(runner),
        };
        return runner.Runs(
            command,
            async run =>
            {
                var credentials = await run.Api.GetCredentialsAsync(
                    run.Get(name),
                    run.Get(Database),
                    run.CancellationToken
                );
                if (run.Json)
                {
                    JsonOutput.Write(run.Terminal, credentials);
                    return;
                }

                ListView.WriteFields(
                    run,
                    ("host", credentials.Host),
                    ("port", $"{credentials.Port}"),
                    ("username", credentials.Username),
                    (
                        "password",
                        run.Get(ShowPassword)
                            ? credentials.Password
                            : "(hidden; --show-password or -o json)"
                    ),
                    ("database", credentials.Database)
                );
            }
        );
    }

    private static Command Rotate(CommandRunner runner)
    {
        var name = new Argument<string>("NAME") { Description = "Name or id of the instance." };
        return runner.Runs(
            new Command("rotate", "Give the login a new password and wait until it holds.")
            {
                name,
            },
            async run =>
            {
                var answer = OperationAnswer.Read(
                    await run.Api.RotateCredentialsAsync(
                        run.Get(name),
                        "respond-async",
                        run.CancellationToken
                    )
                );
                if (answer.Operation is { } operation)
                {
                    return (await OperationWait.UntilEndedAsync(run, operation)).ExitCode;
                }

                run.Terminal.Messages.MarkupLine("[green]rotated[/]");
                return ExitCode.Ok;
            }
        );
    }
}
