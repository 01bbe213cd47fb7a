using System.Diagnostics;
using System.Globalization;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Providers;

/// <summary>
/// Start and memory of the native binary. The peer is the smallest process there is, for scale: what this machine asks for a fork and
/// an exec at that moment.
/// </summary>
internal static class ProviderBenchmark
{
    private const string PeerProgram = "/bin/true";
    private const string PeerName = $"{PeerProgram}, start to exit";

    private static readonly Goal StartGoal = new(40, OfRatio: false);
    private static readonly Goal MemoryGoal = new(30, OfRatio: false);

    public static async Task<IReadOnlyList<Comparison>> RunAsync(
        int rounds,
        CancellationToken cancellationToken
    )
    {
        var program = Path.Combine(Repository.Published, "provider", "terraform-provider-dbaas");
        var pulumiProgram = Path.Combine(Repository.Published, "pulumi", "pulumi-resource-dbaas");
        Series handshake = new(),
            answer = new(),
            memory = new(),
            pulumiAnswer = new(),
            pulumiMemory = new(),
            smallest = new();
        for (var round = 0; round <= rounds; round++)
        {
            using var plugin = await PluginProcess.StartAsync(program, cancellationToken);
            using var pulumi = await PulumiProcess.StartAsync(
                pulumiProgram,
                new Dictionary<string, string>(),
                cancellationToken
            );
            var peer = await SmallestAsync(cancellationToken);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"provider {round}/{rounds}: handshake {plugin.Handshake.TotalMilliseconds:0.0} ms, answer {plugin.FirstAnswer.TotalMilliseconds:0.0} ms, {plugin.PeakMib:0.0} MiB; Pulumi's answer {pulumi.FirstAnswer.TotalMilliseconds:0.0} ms, {pulumi.Meter.PeakMib:0.0} MiB; {PeerProgram} {peer.TotalMilliseconds:0.0} ms"
                )
            );
            // The first reads the binary from disk and compiles this program's own client.
            if (round > 0)
            {
                handshake.Add(plugin.Handshake.TotalMilliseconds);
                answer.Add(plugin.FirstAnswer.TotalMilliseconds);
                memory.Add(plugin.PeakMib);
                pulumiAnswer.Add(pulumi.FirstAnswer.TotalMilliseconds);
                pulumiMemory.Add(pulumi.Meter.PeakMib);
                smallest.Add(peer.TotalMilliseconds);
            }
        }

        return
        [
            new(
                "Provider, Terraform: start to handshake",
                "ms",
                "0.0",
                handshake,
                PeerName,
                smallest,
                null
            ),
            new(
                "Provider, Terraform: start to first answer (GetProviderSchema, mTLS)",
                "ms",
                "0.0",
                answer,
                PeerName,
                smallest,
                StartGoal
            ),
            new(
                "Provider, Terraform: peak resident memory",
                "MiB",
                "0.0",
                memory,
                "",
                null,
                MemoryGoal
            ),
            new(
                "Provider, Pulumi: start to first answer (GetPluginInfo)",
                "ms",
                "0.0",
                pulumiAnswer,
                PeerName,
                smallest,
                StartGoal
            ),
            new(
                "Provider, Pulumi: peak resident memory",
                "MiB",
                "0.0",
                pulumiMemory,
                "",
                null,
                MemoryGoal
            ),
        ];
    }

    private static async Task<TimeSpan> SmallestAsync(CancellationToken cancellationToken)
    {
        // Pipes as for the provider, which cost a little as well.
        var start = new ProcessStartInfo(PeerProgram)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return watch.Elapsed;
    }
}
