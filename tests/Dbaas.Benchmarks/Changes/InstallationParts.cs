using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Changes;

/// <summary>The parts that make instances and change them on the one installation of the run.</summary>
internal static class InstallationParts
{
    public static IReadOnlyList<string> Names { get; } =
    ["creates", "mysql-creates", "ten-creates", "key-change", "write-gaps"];

    /// <param name="steps">Gets the steps of a create of PostgreSQL.</param>
    public static async Task<IReadOnlyList<Comparison>> RunAsync(
        BenchmarkOptions options,
        Platform platform,
        RestClient rest,
        string folder,
        List<(string Step, Series Milliseconds)> steps,
        CancellationToken cancellationToken
    )
    {
        List<Comparison> comparisons = [];
        foreach (var engine in MeasuredEngine.All)
        {
            if (options.Wants(engine == MeasuredEngine.MySql ? "mysql-creates" : "creates"))
            {
                var creates = new CreateBenchmark(rest, folder, engine);
                comparisons.AddRange(await creates.RunAsync(options.Rounds, cancellationToken));
                steps.AddRange(
                    creates.Steps.Select(step =>
                        ($"{engine.Title}: {step.Step}", step.Milliseconds)
                    )
                );
            }
        }

        if (options.Wants("ten-creates"))
        {
            comparisons.AddRange(
                await new TenCreates(rest, folder).RunAsync(
                    Math.Min(options.Rounds, MostRounds),
                    cancellationToken
                )
            );
        }

        if (options.Wants("key-change"))
        {
            comparisons.AddRange(
                await new KeyChangeBenchmark(rest, platform.Root, folder).RunAsync(
                    options.Rounds,
                    cancellationToken
                )
            );
        }

        foreach (var engine in MeasuredEngine.All.Where(_ => options.Wants("write-gaps")))
        {
            comparisons.AddRange(
                await new WriteGapBenchmark(platform, rest, engine).RunAsync(
                    Math.Min(options.Rounds, MostRounds),
                    cancellationToken
                )
            );
        }

        return comparisons;
    }

    /// <summary>Of parts whose rounds take a minute each.</summary>
    private const int MostRounds = 3;
}
