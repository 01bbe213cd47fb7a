using System.CommandLine;
using System.Security.Authentication;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Refit;
using Spectre.Console;

namespace Dbaas.Cli;

/// <summary>Runs a command's work and turns whatever goes wrong into words and an exit code.</summary>
internal sealed class CommandRunner(Terminal terminal)
{
    public Terminal Terminal => terminal;

    /// <summary>Gives <paramref name="command"/> its work.</summary>
    public Command Runs(Command command, Func<Invocation, Task<int>> work)
    {
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var run = new Invocation(parsed, terminal, cancellationToken);
                return await GuardAsync(run, work);
            }
        );
        return command;
    }

    public Command Runs(Command command, Func<Invocation, Task> work) =>
        Runs(
            command,
            async run =>
            {
                await work(run);
                return ExitCode.Ok;
            }
        );

    private async Task<int> GuardAsync(Invocation run, Func<Invocation, Task<int>> work)
    {
        try
        {
            return await work(run);
        }
        catch (CliException failure)
        {
            ProblemPrinter.Print(terminal, failure);
            return failure.ExitCode;
        }
        catch (ApiException exception)
        {
            var failure = ApiProblems.Of(exception);
            ProblemPrinter.Print(terminal, failure);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (run.CancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception) when (Reach(exception) is { } reason)
        {
            ProblemPrinter.Print(
                terminal,
                new CliException(
                    ExitCode.Unavailable,
                    reason,
                    "`dbaas status` shows what is running."
                )
            );
            return ExitCode.Unavailable;
        }
        catch (Exception exception)
        {
            terminal.Messages.MarkupLineInterpolated(
                $"[red]error:[/] {exception.Message} [dim]({exception.GetType().Name})[/]"
            );
            return ExitCode.Unexpected;
        }
    }

    private static string? Reach(Exception exception) =>
        exception switch
        {
            HttpRequestException { InnerException: AuthenticationException tls } =>
                $"The service's certificate is not trusted, or it does not speak TLS 1.3: {tls.Message}",
            HttpRequestException unreachable =>
                $"The service cannot be reached: {unreachable.Message}",
            TaskCanceledException { InnerException: TimeoutException } =>
                "The service did not answer in time.",
            ApiRequestException { InnerException: { } inner } => Reach(inner),
            _ => null,
        };
}
