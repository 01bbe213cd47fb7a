using Dbaas.Cli.Output;
using Dbaas.Client.Operations;
using Spectre.Console;

namespace Dbaas.Cli.Problems;

/// <summary>Says what went wrong: message, fields with what is allowed, code and request id.</summary>
internal static class ProblemPrinter
{
    public static void Print(Terminal terminal, CliException failure)
    {
        var messages = terminal.Messages;
        messages.MarkupLineInterpolated($"[red]error:[/] {failure.Message}");
        if (failure.Problem is { } problem)
        {
            PrintFields(terminal, problem.Errors);
            foreach (var line in problem.LogLines)
            {
                messages.MarkupLineInterpolated($"  [dim]log:[/] {line}");
            }

            messages.MarkupLineInterpolated($"  [dim]code[/] {problem.Code}");
            if (problem.RequestId is { } requestId)
            {
                messages.MarkupLineInterpolated($"  [dim]request[/] {requestId}");
            }
        }

        if (failure.Hint is { } hint)
        {
            messages.MarkupLineInterpolated($"[yellow]hint:[/] {hint}");
        }
    }

    public static void PrintFields(Terminal terminal, IReadOnlyList<FieldProblem> fields)
    {
        foreach (var field in fields)
        {
            terminal.Messages.MarkupLineInterpolated(
                $"  [bold]{field.Pointer}[/]: {field.Message} [dim]({field.Code})[/]"
            );
            if (!string.IsNullOrEmpty(field.Allowed))
            {
                terminal.Messages.MarkupLineInterpolated($"    [dim]allowed:[/] {field.Allowed}");
            }
        }
    }
}
