using System.Diagnostics;
using System.Globalization;
using Dbaas.EndToEnd.Tests.Faults.Plans;
using Dbaas.EndToEnd.Tests.Faults.Reports;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>
/// Faults on purpose. `make faults` runs as many as its limit allows and writes the report; without it a bounded sample of the short ones
/// runs. Seed, limit in seconds, report and what to run alone come from <c>DBAAS_FAULTS_SEED</c>, <c>_LIMIT</c>, <c>_REPORT</c> and
/// <c>_ONLY</c>.
/// </summary>
[Collection(typeof(Alone))]
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class FaultRunTests(SharedPlatform shared, ITestOutputHelper output)
{
    private const int SampleSeconds = 30;

    /// <summary>However slow the machine: a sample that judged no case would pass and say nothing.</summary>
    private const int SampleLeast = 3;

    /// <summary>Draws the sample: always the same, so that a red one means that something changed.</summary>
    private const int SampleSeed = 90562095;

    private const int Threads = 128;

    // The list wants minutes for some faults; a sample tries the same with less.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Given_the_faults_of_a_seed_when_they_strike_then_nothing_acknowledged_is_lost_and_nothing_is_left_behind()
    {
        var seed = Setting("SEED") is { } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : SampleSeed;
        var limit = TimeSpan.FromSeconds(
            int.Parse(
                Setting("LIMIT") ?? SampleSeconds.ToString(CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture
            )
        );
        var report = Setting("REPORT");
        var isSample = report is null && Setting("ONLY") is null;
        var least = isSample ? SampleLeast : 0;
        output.WriteLine($"seed {seed}");
        var platform = await shared.RunningAsync();
        using var rest = platform.Rest();
        // With a thread a core, an answer that is there waits for a hundred handshakes of clients of ours to be computed, and the wait
        // counts as the platform's.
        Assert.True(ThreadPool.SetMinThreads(Threads, Threads));
        await using var run = new FaultRun(platform, rest, seed, report is null ? Short : Long);
        var choices = FaultCatalogue
            .All(await run.PrepareAsync())
            .Where(choice => choice.Short || !isSample)
            .ToList();
        // The limit is for the cases: what comes before them can take longer than a sample.
        var watch = Stopwatch.StartNew();
        List<CaseResult> results = [];
        foreach (
            var one in FaultPlan
                .Draw(seed, choices)
                .TakeWhile(_ => watch.Elapsed <= limit || results.Count < least)
                .Where(IsWanted)
        )
        {
            var result = await run.RunAsync(one);
            results.Add(result);
            Say(result);
            if (report is not null)
            {
                // Each time anew: a run that is ended by force has a report all the same.
                FaultReport.Write(report, seed, watch.Elapsed, results);
            }
        }

        Assert.Empty(await run.EndAsync());
        Assert.Empty(
            results
                .Where(result => result.Failures.Count > 0)
                .Select(result => $"{result.Case}: {string.Join("; ", result.Failures)}")
        );
        Assert.True(results.Count >= Math.Max(1, least), $"{results.Count} cases were judged");
    }

    private void Say(CaseResult result)
    {
        var line =
            $"{result.Case}: {(result.Failures.Count == 0 ? "held" : string.Join("; ", result.Failures))} "
            + $"[{string.Join(", ", result.Measures.Select(measure => string.Create(CultureInfo.InvariantCulture, $"{measure.What} {measure.Seconds} s")))}] "
            + string.Create(
                CultureInfo.InvariantCulture,
                $"beside {result.BystanderGap.TotalSeconds:0.00} s, {result.Acknowledged} rows, took {result.Took.TotalSeconds:0} s"
            );
        output.WriteLine(line);
        if (Setting("PROGRESS") is { } file)
        {
            File.AppendAllText(file, line + "\n");
        }
    }

    /// <summary>The word <c>pairs</c>, or parts of names, with commas between them, that a developer works on; everything without it.</summary>
    private static bool IsWanted(FaultCase one) =>
        Setting("ONLY") switch
        {
            null => true,
            "pairs" => one.IsPair,
            var only => !one.IsPair
                && only.Split(
                        ',',
                        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                    )
                    .Any(part =>
                        one.Faults[0].Name.Contains(part, StringComparison.OrdinalIgnoreCase)
                    ),
        };

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable($"DBAAS_FAULTS_{name}") is { Length: > 0 } value
            ? value
            : null;
}
