using Dbaas.Benchmarks.Creates;
using Dbaas.Benchmarks.Figures;
using Dbaas.Benchmarks.Machines;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.Benchmarks.Changes;

/// <summary>The parts that make instances and change them on the one installation of the run.</summary>
internal static class InstallationParts
{
    public static IReadOnlyList<string> Names { get; } =
    ["creates", "mysql-creates", "ten-creates", "key-change", "write-gaps", "idle-machines"];

    /// <param name="steps">Gets the steps of the creates.</param>
    /// <param name="skipped">Gets the parts that failed, with the reason.</param>
    public static async Task<IReadOnlyList<Comparison>> RunAsync(
        BenchmarkOptions options,
        Platform platform,
        RestClient rest,
        string folder,
        List<(string Step, Series Milliseconds)> steps,
        List<string> skipped,
        CancellationToken cancellationToken
    )
    {
        var parts = new PartRunner(options, skipped);
        var few = Math.Min(options.Rounds, MostRounds);
        foreach (var engine in MeasuredEngine.All)
        {
            var creates = new CreateBenchmark(rest, folder, engine);
            await parts.MeasureAsync(
                engine == MeasuredEngine.MySql ? "mysql-creates" : "creates",
                () => creates.RunAsync(options.Rounds, cancellationToken)
            );
            steps.AddRange(
                creates.Steps.Select(step => ($"{engine.Title}: {step.Step}", step.Milliseconds))
            );
        }

        await parts.MeasureAsync(
            "ten-creates",
            () => new TenCreates(rest, folder).RunAsync(few, cancellationToken)
        );
        await parts.MeasureAsync(
            "key-change",
            () =>
                new KeyChangeBenchmark(rest, platform.Root, folder).RunAsync(
                    options.Rounds,
                    cancellationToken
                )
        );
        foreach (var engine in MeasuredEngine.All)
        {
            await parts.MeasureAsync(
                "write-gaps",
                () => new WriteGapBenchmark(platform, rest, engine).RunAsync(few, cancellationToken)
            );
        }

        foreach (var engine in MeasuredEngine.All)
        {
            await parts.MeasureAsync(
                "idle-machines",
                () => new IdleMachineBenchmark(rest, folder, engine).RunAsync(cancellationToken)
            );
        }

        return parts.Comparisons;
    }

    /// <summary>Of parts whose rounds take a minute each.</summary>
    private const int MostRounds = 3;
}
