using Dbaas.Benchmarks.Figures;
using Dbaas.Benchmarks.Requests;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

namespace Dbaas.Benchmarks.Scale;

/// <summary>The parts that are measured on simulated machines; one service for all of them, started when the first is wanted.</summary>
internal static class ScaleParts
{
    // A plan over a thousand takes seconds, a load of requests its length: fewer rounds than of what takes milliseconds.
    private const int MostRounds = 3;

    /// <param name="options">Which parts, and how large.</param>
    /// <param name="folder">For files of the run.</param>
    /// <param name="skipped">Gets the parts that failed, with the reason.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<IReadOnlyList<Comparison>> RunAsync(
        BenchmarkOptions options,
        string folder,
        List<string> skipped,
        CancellationToken cancellationToken
    )
    {
        if (!options.Wants("requests", "burst", "thousand", "fleet"))
        {
            return [];
        }

        var rounds = Math.Min(options.Rounds, MostRounds);
        Console.WriteLine("Starting a control service with simulated machines ...");
        await using var platform = await SimulatedPlatform.StartAsync();
        var parts = new PartRunner(options, skipped);
        await parts.MeasureAsync(
            "requests",
            () =>
                new RequestBenchmark(platform, folder).RunAsync(
                    rounds,
                    options.LoadSeconds,
                    cancellationToken
                )
        );
        await parts.MeasureAsync(
            "burst",
            () => new FleetBenchmark(platform).BurstAsync(rounds, cancellationToken)
        );
        await parts.MeasureAsync(
            "thousand",
            () =>
                new ThousandBenchmark(platform, folder, options.Resources).RunAsync(
                    rounds,
                    cancellationToken
                )
        );
        await parts.MeasureAsync(
            "fleet",
            () => new FleetBenchmark(platform).FullAsync(options.Instances, cancellationToken)
        );
        return parts.Comparisons;
    }
}
