using System.CommandLine;
using Dbaas.Cli.Output;
using Dbaas.Client.Operations;
using Spectre.Console;

namespace Dbaas.Cli.Operations;

/// <summary>`dbaas operation …`.</summary>
internal static class OperationCommands
{
    private static readonly Argument<string> Id = new("ID")
    {
        Description = "Id of the operation (op_…).",
    };

    private static readonly Option<string?> Resource = new("--resource")
    {
        Description = "Only those of this resource.",
    };

    private static readonly Option<string?> State = new("--state")
    {
        Description = "Only those in this state.",
    };

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "At most so many, newest first.",
        DefaultValueFactory = _ => 50,
    };

    public static Command Create(CommandRunner runner) =>
        new("operation", "Watch and cancel changes.")
        {
            runner.Runs(
                new Command("list", "List operations, newest first.") { Resource, State, Limit },
                ListAsync
            ),
            runner.Runs(new Command("get", "Show one operation and its steps.") { Id }, GetAsync),
            runner.Runs(
                new Command("wait", "Wait until an operation has ended.") { Id },
                async run =>
                {
                    var operation = await run.Api.GetOperationAsync(
                        run.Get(Id),
                        null,
                        run.CancellationToken
                    );
                    return (await OperationWait.UntilEndedAsync(run, operation)).ExitCode;
                }
            ),
            runner.Runs(
                new Command("cancel", "Cancel an operation where that is safe.") { Id },
                async run =>
                    Show(
                        run,
                        await run.Api.CancelOperationAsync(run.Get(Id), run.CancellationToken)
                    )
            ),
        };

    private static async Task ListAsync(Invocation run)
    {
        var limit = run.Get(Limit);
        var operations = await Pages.AllAsync(
            cursor =>
                run.Api.ListOperationsAsync(
                    run.Get(Resource),
                    run.Get(State),
                    cursor,
                    Math.Clamp(limit, 1, 100),
                    run.CancellationToken
                ),
            limit
        );
        ListView.Write(
            run,
            operations,
            new("id", operation => operation.Id),
            new("kind", operation => operation.Kind),
            new("resource", operation => operation.ResourceName),
            new("state", operation => operation.State),
            new("step", operation => operation.CurrentStep),
            new("%", operation => $"{operation.ProgressPercent}", RightAligned: true),
            new("started", operation => Look.Time(operation.CreatedAt)),
            new("by", operation => operation.RequestedBy)
        );
    }

    private static async Task GetAsync(Invocation run) =>
        Show(run, await run.Api.GetOperationAsync(run.Get(Id), null, run.CancellationToken));

    private static void Show(Invocation run, OperationView operation)
    {
        if (run.Json)
        {
            JsonOutput.Write(run.Terminal, operation);
            return;
        }

        ListView.WriteFields(
            run,
            ("id", operation.Id),
            ("kind", operation.Kind),
            ("resource", $"{operation.ResourceName} ({operation.ResourceId})"),
            ("state", operation.State),
            ("progress", $"{operation.ProgressPercent} %, {operation.CurrentStep}"),
            ("requested by", operation.RequestedBy),
            ("started", Look.Time(operation.CreatedAt)),
            ("finished", Look.Time(operation.FinishedAt)),
            ("writes refused", Look.Outage(operation.WriteOutageSeconds)),
            ("error", operation.Error?.Detail ?? operation.Error?.Title),
            ("code", operation.Error?.Code)
        );
        run.Terminal.Screen.WriteLine();
        ListView.Write(
            run,
            operation.Steps,
            new("step", step => step.Name),
            new("state", step => step.State),
            new("attempts", step => $"{step.Attempts}", RightAligned: true),
            new(
                "took",
                step => step.DurationMilliseconds is { } took ? Look.Seconds(took) : null,
                RightAligned: true
            ),
            new("message", step => step.Message)
        );
        foreach (var line in operation.Error?.LogLines ?? [])
        {
            run.Terminal.Screen.MarkupLineInterpolated($"[dim]log:[/] {line}");
        }
    }
}
