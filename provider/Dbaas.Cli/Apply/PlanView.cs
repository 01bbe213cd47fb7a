using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
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
            ProblemPrinter.PrintFields(terminal, plan.Errors);
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

        foreach (var warning in plan.Warnings)
        {
            console.MarkupLineInterpolated(
                $"  [yellow]warning:[/] {warning.Message} [dim]({warning.Pointer})[/]"
            );
        }

        if (!planned.ChangesNothing)
        {
            console.MarkupLine($"  [dim]{Markup.Escape(Consequences(plan))}[/]");
        }
    }

    private static string Consequences(PlanResult plan)
    {
        var invariant = CultureInfo.InvariantCulture;
        var (outage, cost) = (plan.ExpectedWriteOutage, plan.MonthlyCost);
        var restart = plan.Restart ? "yes" : "no";
        var deferred = plan.Deferred ? " (part of it in the maintenance window)" : "";
        var interruption =
            outage.Seconds > 0
                ? string.Create(invariant, $"about {outage.Seconds:0.#} s ({outage.Basis})")
                : "none";
        var difference = string.Create(invariant, $"{cost.Difference:+0.00;-0.00;±0.00}");
        return $"restart: {restart}{deferred}, write outage: {interruption}, "
            + $"cost a month: {Look.Money(cost.After, cost.Currency)} ({difference})";
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
