using System.Text.Json.Nodes;
using Dbaas.Cli.Output;
using Dbaas.Client.Planning;
using Spectre.Console;

namespace Dbaas.Cli.Apply;

/// <summary>A plan for people: what changes and what that costs in restarts, outage and money.</summary>
internal static class PlanView
{
    public static void Write(Terminal terminal, PlannedResource planned)
    {
        var (console, plan) = (terminal.Messages, planned.Plan);
        var name = Markup.Escape(planned.Declared.Name);
        if (!plan.Valid)
        {
            console.MarkupLine($"[red]✗ {name}[/] cannot be applied:");
            WriteForecast(console, plan);
            return;
        }

        console.MarkupLine(
            planned.ChangesNothing ? $"[dim]= {name} unchanged[/]"
            : planned.Existing is null ? $"[green]+ {name}[/] [dim](create)[/]"
            : $"[yellow]~ {name}[/] [dim](update)[/]"
        );
        foreach (var change in plan.Changes)
        {
            WriteChange(console, planned.Existing is null, change);
        }

        WriteForecast(console, plan);
    }

    /// <summary>In the words that the providers use as well.</summary>
    private static void WriteForecast(IAnsiConsole console, PlanResult plan)
    {
        foreach (var line in Forecast.Of(plan))
        {
            var colour = line.Kind switch
            {
                ForecastKind.Refusal => "red",
                ForecastKind.Warning => "yellow",
                _ => "dim",
            };
            var property =
                line.Pointer.Length > 0 ? $"[bold]{Markup.Escape(line.Pointer)}[/]: " : "";
            var text = Markup.Escape(line.Text.Replace("\n", "\n    ", StringComparison.Ordinal));
            console.MarkupLine($"  [{colour}]•[/] {property}{text}");
        }
    }

    private static void WriteChange(IAnsiConsole console, bool isNew, PlannedChange change)
    {
        var effect = change.Effect switch
        {
            "restart" => " [yellow]restart[/]",
            "pending" => " [yellow]waits for the window[/]",
            _ => "",
        };
        var value = isNew
            ? Markup.Escape(Text(change.After))
            : Markup.Escape($"{Text(change.Before)} → {Text(change.After)}");
        console.MarkupLine($"    {Markup.Escape(change.Pointer.TrimStart('/'))}: {value}{effect}");
    }

    private static string Text(JsonNode? value) =>
        value?.ToJsonString(JsonOutput.Compact) ?? "(default)";
}
