using System.CommandLine;
using Dbaas.Cli.Connection;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Client.Hosts;
using Spectre.Console;

namespace Dbaas.Cli.Shell;

/// <summary>`dbaas status`: is the service there, what can it take, what runs.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandRunner runner) =>
        runner.Runs(
            new Command("status", "Show whether the platform answers and what runs."),
            RunAsync
        );

    private static async Task RunAsync(Invocation run)
    {
        var settings = ConnectionSettings.Resolve(run.Parsed, run.Terminal.Environment);
        var regions = (await run.Api.ListRegionsAsync(run.CancellationToken)).Regions;
        var instances = await Pages.AllAsync(cursor =>
            run.Api.ListInstancesAsync(null, cursor, null, run.CancellationToken)
        );
        var hosts = await HostsAsync(run);
        var byStatus = instances
            .GroupBy(instance => instance.Status)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count());
        if (run.Json)
        {
            JsonOutput.Write(
                run.Terminal,
                new PlatformStatus(settings.Endpoint.ToString(), regions, byStatus, hosts)
            );
            return;
        }

        ListView.WriteFields(
            run,
            ("endpoint", settings.Endpoint.ToString()),
            (
                "instances",
                instances.Count == 0
                    ? "none"
                    : string.Join(", ", byStatus.Select(pair => $"{pair.Value} {pair.Key}"))
            ),
            ("hosts", hosts is null ? "(only platform administrators see hosts)" : Count(hosts))
        );
        run.Terminal.Screen.WriteLine();
        ListView.Write(
            run,
            regions,
            new("region", region => region.Name),
            new("available", region => region.Available ? "yes" : "no"),
            new(
                "free memory",
                region => Look.Number(region.FreeMemoryGib) + " GiB",
                RightAligned: true
            ),
            new(
                "free storage",
                region => Look.Number(region.FreeStorageGib) + " GiB",
                RightAligned: true
            )
        );
    }

    private static string Count(IReadOnlyList<HostView> hosts) =>
        $"{hosts.Count(host => host.State == "online")} of {hosts.Count} online";

    private static async Task<IReadOnlyList<HostView>?> HostsAsync(Invocation run)
    {
        try
        {
            return (await run.Api.ListHostsAsync(run.CancellationToken)).Items;
        }
        catch (Refit.ApiException refused)
            when (ExitCode.OfStatus((int)refused.StatusCode)
                    is ExitCode.Forbidden
                        or ExitCode.NotFound
            )
        {
            return null;
        }
    }
}
