using System.Diagnostics;
using System.Globalization;
using Dbaas.EndToEnd.Tests.Faults.Injections;
using Dbaas.EndToEnd.Tests.Faults.Plans;
using Dbaas.EndToEnd.Tests.Faults.Reports;
using Dbaas.EndToEnd.Tests.Faults.Writers;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Runs cases one after the other on one platform, each judged by the common promise and by its own pass line.</summary>
internal sealed class FaultRun(Platform platform, RestClient rest, int seed, TimeSpan longFault)
    : IAsyncDisposable
{
    // Two cores carry everything: a pause of this length is the machine's and not the fault's.
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(3);

    // The goals are for a quiet machine, and a busy one may miss them; so many times as long is no machine's noise any more.
    private const int FarBeyond = 10;
    private const int WarmRows = 25;
    private static readonly TimeSpan WarmDeadline = TimeSpan.FromSeconds(30);
    private static readonly string[] Engines = ["postgresql", "mysql"];
    private readonly Instances instances = new(platform, rest);
    private readonly Units units = new(platform, rest);
    private readonly List<Bystander> bystanders = [];
    private readonly Dictionary<string, Database> victims = [];
    private readonly Random chance = new(seed);
    private int made;

    /// <summary>Makes the bystanders, and learns which steps operations have.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> PrepareAsync()
    {
        foreach (var engine in Engines)
        {
            var beside = new Bystander(
                await instances.CreateAsync(EngineUnderTest.Of(engine), $"f-beside-{engine}")
            );
            bystanders.Add(beside);
            await beside.StartAsync(Scene.Cancelled);
        }

        const string probe = "f-probe";
        var create = await instances.BeginCreateAsync(EngineUnderTest.Of(Engines[0]), probe);
        var created = await instances.SucceedsAsync(create);
        var updated = await instances.SucceedsAsync(
            await instances.BeginPatchAsync(probe, new() { ["memoryGib"] = 0.75 })
        );
        var deleted = await instances.SucceedsAsync(
            await instances.BeginAsync(HttpMethod.Delete, $"/v1/instances/{probe}")
        );
        return new Dictionary<string, IReadOnlyList<string>>
        {
            ["create"] = Instances.StepsOf(created),
            ["update"] = Instances.StepsOf(updated),
            ["delete"] = Instances.StepsOf(deleted),
        };
    }

    public async Task<CaseResult> RunAsync(FaultCase one)
    {
        var result = new CaseResult(one);
        var watch = Stopwatch.StartNew();
        try
        {
            var victim = await VictimAsync(one.Engine);
            using var connections = new WriterConnections(victim.Engine, victim.Credentials);
            await using var writer = new SteadyWriter(connections, $"written_{one.Number}");
            await writer.StartAsync(Scene.Cancelled);
            await Eventually.HoldsAsync(
                () => Task.FromResult(writer.Acknowledged >= WarmRows),
                WarmDeadline,
                "the writer writes"
            );
            var scene = new Scene(platform, rest, units, instances, victim, writer, chance)
            {
                Long = longFault,
                EngineEnds = one.Faults.Any(fault => fault.EndsEngine),
            };
            try
            {
                await StrikeAsync(one, scene, result);
            }
            catch (Exception failure) when (!Scene.Cancelled.IsCancellationRequested)
            {
                result.Failures.Add(failure.Message);
            }

            // Whatever went wrong, nothing that was acknowledged may be missing.
            result.Acknowledged = writer.Acknowledged;
            result.Failures.AddRange(await writer.EndAsync());
        }
        catch (Exception failure) when (!Scene.Cancelled.IsCancellationRequested)
        {
            result.Failures.Add(failure.Message);
        }
        finally
        {
            await units.CalmAsync();
        }

        if (
            (result.Failures.Count > 0 || one.Faults.Any(fault => fault.Spends))
            && victims.Remove(one.Engine, out var spent)
        )
        {
            await RemoveAsync(spent, result);
        }

        result.Took = watch.Elapsed;
        return result;
    }

    /// <summary>What the databases beside lost over the whole run.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        List<string> wrong = [];
        foreach (var beside in bystanders)
        {
            wrong.AddRange(await beside.EndAsync());
        }

        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var beside in bystanders)
        {
            await beside.DisposeAsync();
        }
    }

    private async Task StrikeAsync(FaultCase one, Scene scene, CaseResult result)
    {
        var search = new EvidenceSearch(platform, instances, scene.Victim.Id);
        foreach (var beside in bystanders)
        {
            beside.Mark();
        }

        var struck = Stopwatch.GetTimestamp();
        try
        {
            foreach (var fault in one.Faults)
            {
                await fault.InjectAsync(scene);
            }

            foreach (var fault in one.Faults.Reverse())
            {
                await fault.HealAsync(scene);
            }

            foreach (var fault in one.Faults)
            {
                result.Measures.AddRange(await fault.ProveAsync(scene));
            }

            var deadline = one.Faults.Max(fault => fault.Deadline);
            if (!await scene.Writer.WritesAgainAsync(Stopwatch.GetTimestamp(), deadline))
            {
                throw new TimeoutException(
                    $"no write {deadline.TotalSeconds:0} s after the fault was gone: {scene.Writer.LastFailure}"
                );
            }

            var gap = scene.Writer.LongestGap(struck);
            var limit = one.IsPair ? null : one.Faults[0].GapLimit;
            result.Measures.Add(Measure.Of(FaultReport.WriteGap, gap, limit?.TotalSeconds ?? 0));
            if (limit is { } goal && gap > FarBeyond * goal)
            {
                result.Failures.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"nothing was written for {gap.TotalSeconds:0.0} s, and the goal is {goal.TotalSeconds:0.0} s"
                    )
                );
            }

            foreach (var evidence in one.Faults.SelectMany(fault => fault.Evidence))
            {
                if (await search.MissingAsync(evidence) is { } missing)
                {
                    result.Failures.Add(missing);
                }
            }
        }
        finally
        {
            foreach (var fault in one.Faults)
            {
                await fault.EndAsync(scene);
            }
        }

        result.BystanderGap = bystanders.Max(beside => beside.Gap);
        var strikesAll = one.Faults.Any(fault => fault.StrikesAll);
        result.Failures.AddRange(bystanders.SelectMany(beside => beside.Harm(strikesAll, Noise)));
        await platform.NoOrphansAsync();
    }

    /// <summary>A database that a fault spent or broke; one that cannot even be removed is one more failure.</summary>
    private async Task RemoveAsync(Database spent, CaseResult result)
    {
        try
        {
            await instances.DeleteAsync(spent.Name);
        }
        catch (Exception failure) when (!Scene.Cancelled.IsCancellationRequested)
        {
            result.Failures.Add($"{spent.Name} cannot be removed: {failure.Message}");
        }
    }

    /// <summary>The engine's database that is struck; a new one when the last was left broken.</summary>
    private async Task<Database> VictimAsync(string engine)
    {
        if (!victims.TryGetValue(engine, out var victim))
        {
            victim = await instances.CreateAsync(
                EngineUnderTest.Of(engine),
                $"f-victim-{engine}-{++made}"
            );
            victims[engine] = victim;
        }

        return victim;
    }
}
