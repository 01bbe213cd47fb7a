using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Client.Operations;
using Spectre.Console;

namespace Dbaas.Cli.Operations;

/// <summary>Waits for an operation: a line for every finished step, on a terminal a spinner with the step under way as well.</summary>
internal static class OperationWait
{
    // The service answers sooner when the operation ends; until then this is how fresh the progress is.
    private const int PollSeconds = 1;

    public static async Task<OperationResult> UntilEndedAsync(
        Invocation run,
        OperationView operation
    )
    {
        try
        {
            var ended = run.Terminal.ShowsProgress
                ? await run
                    .Terminal.Messages.Status()
                    .Spinner(Spinner.Known.Dots)
                    .StartAsync(
                        Headline(operation),
                        status =>
                            FollowAsync(run, operation, current => status.Status(Headline(current)))
                    )
                : await FollowAsync(run, operation, _ => { });
            return Report(run, ended);
        }
        catch (OperationCanceledException) when (run.CancellationToken.IsCancellationRequested)
        {
            run.Terminal.Messages.MarkupLineInterpolated(
                $"[yellow]No longer watching; {operation.Kind} goes on.[/] Wait for it with: dbaas operation wait {operation.Id}"
            );
            throw;
        }
    }

    private static async Task<OperationView> FollowAsync(
        Invocation run,
        OperationView operation,
        Action<OperationView> show
    )
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        var current = operation;
        while (true)
        {
            foreach (
                var step in current.Steps.Where(step =>
                    step.State is "done" or "undone" or "failed"
                )
            )
            {
                if (told.Add($"{step.Name}/{step.State}"))
                {
                    Tell(run, step);
                }
            }

            if (HasEnded(current))
            {
                return current;
            }

            show(current);
            current = await run.Api.GetOperationAsync(
                current.Id,
                PollSeconds,
                run.CancellationToken
            );
        }
    }

    private static void Tell(Invocation run, OperationStepView step)
    {
        var mark = step.State switch
        {
            "done" => "[green]✓[/]",
            "undone" => "[yellow]↩[/]",
            _ => "[red]✗[/]",
        };
        var took = step.DurationMilliseconds is { } milliseconds
            ? $" [dim]{Look.Seconds(milliseconds)}[/]"
            : "";
        var attempts = step.Attempts > 1 ? $" [dim]({step.Attempts} attempts)[/]" : "";
        var message = string.IsNullOrEmpty(step.Message)
            ? ""
            : $" [dim]{Markup.Escape(step.Message)}[/]";
        run.Terminal.Messages.MarkupLine(
            $"  {mark} {Markup.Escape(step.Name)}{took}{attempts}{message}"
        );
    }

    private static OperationResult Report(Invocation run, OperationView ended)
    {
        if (ended.State == "succeeded")
        {
            var took = ended.FinishedAt is { } finished
                ? finished - ended.CreatedAt
                : TimeSpan.Zero;
            run.Terminal.Messages.MarkupLineInterpolated(
                $"[green]{ended.Kind}[/] of {ended.ResourceName} succeeded [dim]in {Look.Seconds(took.TotalMilliseconds)}[/]"
            );
            return new OperationResult(
                ExitCode.Ok,
                ended.Kind.EndsWith(".delete", StringComparison.Ordinal) ? null : ended.ResourceId
            );
        }

        var words = ended.State switch
        {
            "undone" => "failed and was undone; nothing is left of it",
            "cancelled" => "was cancelled",
            _ => "failed",
        };
        ProblemPrinter.Print(
            run.Terminal,
            ended.Error is { } error
                ? new CliException(
                    error with
                    {
                        Detail =
                            $"{ended.Kind} of {ended.ResourceName} {words}: {error.Detail ?? error.Title}",
                    },
                    $"`dbaas operation get {ended.Id}` shows its steps."
                )
                : new CliException(
                    ExitCode.OperationFailed,
                    $"{ended.Kind} of {ended.ResourceName} {words}.",
                    $"`dbaas operation get {ended.Id}` shows its steps."
                )
        );
        return new OperationResult(ExitCode.OperationFailed, null);
    }

    public static bool HasEnded(OperationView operation) =>
        operation.State is "succeeded" or "failed" or "undone" or "cancelled";

    private static string Headline(OperationView operation) =>
        Markup.Escape(
            $"{operation.Kind} {operation.ResourceName}: {operation.CurrentStep} ({operation.ProgressPercent} %)"
        );
}
