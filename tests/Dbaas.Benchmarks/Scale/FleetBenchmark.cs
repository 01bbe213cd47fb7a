using System.Diagnostics;
using System.Globalization;
using Dbaas.Benchmarks.Figures;
using Dbaas.EndToEnd.Tests.Harness;
using Dbaas.EndToEnd.Tests.Harness.Simulated;

namespace Dbaas.Benchmarks.Scale;

/// <summary>The control service with many instances: making a hundred at once, then listing, filtering and idling with all of them.</summary>
internal sealed class FleetBenchmark(SimulatedPlatform platform)
{
    private const int Burst = 100;
    private const int Looks = 20;
    private const int MakersAtOnce = 32;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(70);

    /// <summary>A hundred creates sent together, in a tenant of their own each round.</summary>
    public async Task<IReadOnlyList<Comparison>> BurstAsync(
        int rounds,
        CancellationToken cancellationToken
    )
    {
        Series all = new(),
            slowest = new();
        for (var round = 0; round <= rounds; round++)
        {
            var fleet = new Fleet(platform, await platform.TenantAsync($"burst-{round}", Burst));
            var watch = Stopwatch.StartNew();
            var each = await fleet.CreateAsync("burst", Burst, Burst, cancellationToken);
            var took = watch.Elapsed.TotalSeconds;
            Say(
                $"{Burst} creates at once {round}/{rounds}: {took:0.0} s, first {each.Min():0.0} s"
            );
            if (round > 0)
            {
                all.Add(took);
                slowest.Add(each.Order().ElementAt(Burst / 2));
            }
        }

        return
        [
            new(
                $"{Burst} creates at once, simulated: until all are available",
                "s",
                "0.0",
                all,
                "",
                null,
                null
            ),
            new(
                $"{Burst} creates at once, simulated: until half are available",
                "s",
                "0.0",
                slowest,
                "",
                null,
                null
            ),
        ];
    }

    /// <summary>Fills one tenant with so many and looks at what they cost.</summary>
    public async Task<IReadOnlyList<Comparison>> FullAsync(
        int instances,
        CancellationToken cancellationToken
    )
    {
        var key = await platform.TenantAsync("full", instances);
        var watch = Stopwatch.StartNew();
        await new Fleet(platform, key).CreateAsync(
            "full",
            instances,
            MakersAtOnce,
            cancellationToken
        );
        Say($"{instances} instances made in {watch.Elapsed.TotalSeconds:0} s");
        using var rest = platform.Rest(key);
        var page = await TimedAsync(rest, _ => "/v1/instances?limit=500");
        var filter = await TimedAsync(
            rest,
            look => $"/v1/instances?name=full-{look * instances / Looks}"
        );
        var single = await TimedAsync(
            rest,
            look => $"/v1/instances/full-{look * instances / Looks}"
        );

        // What the creates left to do is done, and the next turn of the reconciler is told of.
        await Task.Delay(Settling, cancellationToken);
        var log = platform.Log;
        var from = log.End;
        var before = ProcessMeter.Read(platform.ProcessId)!;
        watch.Restart();
        await Task.Delay(Idle, cancellationToken);
        var after = ProcessMeter.Read(platform.ProcessId)!;
        var cores = (after.ProcessorSeconds - before.ProcessorSeconds) / watch.Elapsed.TotalSeconds;
        Series idle = Series.Of(cores * 100),
            resident = Series.Of(after.ResidentMib),
            sweep = new();
        var turns = await Eventually.BecomesAsync(
            () => Task.FromResult(log.TurnsSince(from)),
            turns => turns.Count > 0,
            TimeSpan.FromMinutes(2),
            "the reconciler says how long it took"
        );
        foreach (var (seen, milliseconds) in turns)
        {
            Assert.True(seen >= instances, $"The reconciler looked at {seen} instances only.");
            sweep.Add(milliseconds / 1000);
        }

        Say(
            $"idle {cores * 100:0.0} % of a core, {after.ResidentMib:0} MiB, sweep {sweep.Text("0.00")} s"
        );
        var count = string.Create(CultureInfo.InvariantCulture, $"{instances:#,0} instances");
        return
        [
            new($"{count}: page of 500", "ms", "0.0", page, "read of one of them", single, null),
            new(
                $"{count}: filter by name",
                "ms",
                "0.0",
                filter,
                "read of one of them",
                single,
                null
            ),
            new(
                $"{count}: idle control service",
                "% of a core",
                "0.0",
                idle,
                "",
                null,
                new(10, OfRatio: false)
            ),
            new(
                $"{count}: resident memory of the control service",
                "MiB",
                "0",
                resident,
                "",
                null,
                new(1024, OfRatio: false)
            ),
            new(
                $"{count}: one turn of the reconciler",
                "s",
                "0.00",
                sweep,
                "",
                null,
                new(30, OfRatio: false)
            ),
        ];
    }

    private static async Task<Series> TimedAsync(RestClient rest, Func<int, string> path)
    {
        var series = new Series();
        for (var look = 0; look <= Looks; look++)
        {
            var watch = Stopwatch.StartNew();
            _ = await rest.GetAsync(path(Math.Min(look, Looks - 1)));
            if (look > 0)
            {
                series.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        return series;
    }

    private static void Say(FormattableString line) =>
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
