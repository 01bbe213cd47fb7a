using System.CommandLine;
using Dbaas.Cli.Output;
using Spectre.Console;

namespace Dbaas.Cli.Hosts;

/// <summary>`dbaas host …`; for platform administrators.</summary>
internal static class HostCommands
{
    private static readonly Option<bool> Orphans = new("--orphans")
    {
        Description = "Only what has no owner.",
    };

    public static Command Create(CommandRunner runner) =>
        new("host", "Hosts and what lies on them.")
        {
            ImageCommands.Create(runner),
            runner.Runs(new Command("list", "List hosts."), ListAsync),
            runner.Runs(
                new Command("facts", "What each host can do and what it cannot."),
                FactsAsync
            ),
            runner.Runs(
                new Command("inventory", "Every object on every host, with its owner.") { Orphans },
                InventoryAsync
            ),
        };

    private static async Task ListAsync(Invocation run) =>
        ListView.Write(
            run,
            (await run.Api.ListHostsAsync(run.CancellationToken)).Items,
            new("region", host => host.Region),
            new("state", host => host.State),
            new("address", host => host.Address),
            new("version", host => host.Version),
            new("id", host => host.Id)
        );

    private static async Task FactsAsync(Invocation run)
    {
        var hosts = (await run.Api.ListHostsAsync(run.CancellationToken)).Items;
        if (run.Json)
        {
            JsonOutput.Write(run.Terminal, hosts);
            return;
        }

        foreach (var host in hosts)
        {
            ListView.WriteFields(
                run,
                [
                    ("region", host.Region),
                    ("host", host.Id),
                    ("state", host.State),
                    .. host
                        .Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal)
                        .Select(fact => (fact.Key, (string?)fact.Value)),
                ]
            );
            foreach (var note in host.Notes)
            {
                run.Terminal.Screen.MarkupLineInterpolated($"[yellow]note:[/] {note}");
            }

            run.Terminal.Screen.WriteLine();
        }
    }

    private static async Task InventoryAsync(Invocation run)
    {
        var orphans = run.Get(Orphans);
        var inventory = await run.Api.GetInventoryAsync(
            orphans ? true : null,
            run.CancellationToken
        );
        ListView.Write(
            run,
            inventory.Items,
            new("host", item => item.HostId),
            new("kind", item => item.Kind),
            new("name", item => item.Name),
            new(
                "owner",
                item =>
                    item.Orphan ? "ORPHAN"
                    : item.Platform ? "platform"
                    : item.Owner
            ),
            new("detail", item => item.Detail)
        );
    }
}
