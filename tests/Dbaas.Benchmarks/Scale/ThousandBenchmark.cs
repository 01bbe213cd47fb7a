using System.Globalization;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

namespace Dbaas.Benchmarks.Scale;

/// <summary>A configuration of a thousand instances, or as many as asked for, of which nothing changes, through both protocols.</summary>
internal sealed class ThousandBenchmark(SimulatedPlatform platform, string folder, int count)
{
    // At most one for 500 resources, and a few that the first reads cost before the pages begin.
    private readonly int callsGoal = ((count + 499) / 500) + 8;
    private readonly string peerName = Text($"{count:#,0} terraform_data");

    private readonly Series plan = new();
    private readonly Series peerPlan = new();
    private readonly Series refresh = new();
    private readonly Series peerRefresh = new();
    private readonly Series calls = new();
    private readonly Series processor = new();
    private readonly Series memory = new();

    public async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        CancellationToken cancellationToken
    )
    {
        var key = await platform.TenantAsync("thousand", count);
        var variables = platform.Environment(key);
        var ours = new TerraformRun(Path.Combine(folder, "ours"), Ours, variables);
        var peer = new TerraformRun(Path.Combine(folder, "peer"), Theirs, variables);
        await peer.RunAsync("init", "-input=false");
        await peer.RunAsync("apply", "-auto-approve", "-input=false");
        var made = await ours.RunAsync("apply", "-auto-approve", "-input=false", "-parallelism=32");
        Say($"{count} instances applied in {made.Seconds:0} s");
        for (var round = 0; round <= rounds; round++)
        {
            await RoundAsync(ours, peer, round, rounds, cancellationToken);
        }

        return
        [
            new(
                Text($"terraform plan, {count:#,0} unchanged instances"),
                "s",
                "0.00",
                plan,
                peerName,
                peerPlan,
                new(1.5, OfRatio: true)
            ),
            new(
                Text($"terraform apply -refresh-only, {count:#,0} instances"),
                "s",
                "0.00",
                refresh,
                peerName,
                peerRefresh,
                null
            ),
            new(
                Text($"terraform plan, {count:#,0}: requests to the service"),
                "requests",
                "0",
                calls,
                "",
                null,
                new(callsGoal, OfRatio: false)
            ),
            new(
                Text($"terraform plan, {count:#,0}: processor time of the provider"),
                "s",
                "0.00",
                processor,
                "",
                null,
                null
            ),
            new(
                Text($"terraform plan, {count:#,0}: peak memory of the provider"),
                "MiB",
                "0.0",
                memory,
                "",
                null,
                null
            ),
            .. await new PulumiPreview(platform, key).RunAsync(
                rounds,
                callsGoal,
                cancellationToken
            ),
        ];
    }

    private async Task RoundAsync(
        TerraformRun ours,
        TerraformRun peer,
        int round,
        int rounds,
        CancellationToken cancellationToken
    )
    {
        string[] planning = ["plan", "-input=false", "-no-color", "-detailed-exitcode"];
        string[] refreshing = ["apply", "-refresh-only", "-auto-approve", "-input=false"];
        var from = platform.Log.End;
        var planned = await ours.RunAsync(planning);
        var asked = await platform.Log.RequestsSinceAsync(from, cancellationToken);
        var peerPlanned = await peer.RunAsync(planning);
        var refreshed = await ours.RunAsync(refreshing);
        var peerRefreshed = await peer.RunAsync(refreshing);
        Say(
            $"thousand {round}/{rounds}: plan {planned.Seconds:0.0} s with {asked.Count} requests, terraform_data {peerPlanned.Seconds:0.0} s; refresh {refreshed.Seconds:0.0} s, {peerRefreshed.Seconds:0.0} s; provider {planned.ProviderProcessorSeconds:0.0} s of processor, {planned.ProviderPeakMib:0} MiB"
        );
        if (round == 0)
        {
            return;
        }

        plan.Add(planned.Seconds);
        peerPlan.Add(peerPlanned.Seconds);
        refresh.Add(refreshed.Seconds);
        peerRefresh.Add(peerRefreshed.Seconds);
        calls.Add(asked.Count);
        processor.Add(planned.ProviderProcessorSeconds);
        memory.Add(planned.ProviderPeakMib);
    }

    private string Ours =>
        $$"""
            terraform {
              required_providers {
                dbaas = { source = "dbaas.internal/dbaas/dbaas" }
              }
            }

            resource "dbaas_database_instance" "many" {
              count       = {{count}}
              name        = "many-${count.index}"
              engine      = "postgresql"
              region      = "{{SimulatedPlatform.Region}}"
              cpu         = 0.5
              memory_gib  = 1
              storage_gib = 1
              tags        = { team = "bench" }
            }
            """;

    private string Theirs =>
        $$"""
            resource "terraform_data" "many" {
              count = {{count}}
              input = {
                name        = "many-${count.index}"
                engine      = "postgresql"
                region      = "{{SimulatedPlatform.Region}}"
                cpu         = 0.5
                memory_gib  = 1
                storage_gib = 1
                tags        = { team = "bench" }
              }
            }
            """;

    private static string Text(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);

    private static void Say(FormattableString line) => Console.WriteLine(Text(line));
}
