using System.CommandLine;
using Dbaas.Cli.Output;

namespace Dbaas.Cli.Audit;

/// <summary>`dbaas audit list`.</summary>
internal static class AuditCommands
{
    private static readonly Option<string?> Resource = new("--resource")
    {
        Description = "Only events of this resource.",
    };

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "At most so many, newest first.",
        DefaultValueFactory = _ => 50,
    };

    public static Command Create(CommandRunner runner) =>
        new("audit", "The audit trail.")
        {
            runner.Runs(
                new Command("list", "List audit events, newest first.") { Resource, Limit },
                ListAsync
            ),
        };

    private static async Task ListAsync(Invocation run)
    {
        var limit = run.Get(Limit);
        ListView.Write(
            run,
            await Pages.AllAsync(
                cursor =>
                    run.Api.ListAuditEventsAsync(
                        run.Get(Resource),
                        cursor,
                        Math.Clamp(limit, 1, 100),
                        run.CancellationToken
                    ),
                limit
            ),
            new("at", row => Look.Time(row.At)),
            new("severity", row => row.Severity),
            new("kind", row => row.Kind),
            new("principal", row => row.Principal),
            new("resource", row => row.ResourceId),
            new("message", row => row.Message)
        );
    }
}
