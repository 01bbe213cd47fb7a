using System.Diagnostics;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// Random lives of instances with random faults. The same seed lives the same life: a failure names its seed, and
/// <c>DBAAS_SEED=N</c> repeats it; <c>DBAAS_SEEDS=N</c> lives N of them, however long that takes, on all cores.
/// </summary>
public sealed class RandomLifeTests(SteppedControl stepped, PostgresFixture postgres)
    : IClassFixture<SteppedControl>
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Given_random_lives_when_anything_goes_wrong_then_the_books_balance_and_nothing_is_left()
    {
        var clock = Stopwatch.StartNew();
        var asked = RunSetting.Number("DBAAS_SEED");
        var lives = asked is null ? RunSetting.Number("DBAAS_SEEDS") : 1;
        var first = asked ?? Random.Shared.Next(1_000_000);
        var begun = 0;
        var lived = 0;
        var operations = 0;
        // Other tests have the other cores, unless this one was asked for by name.
        var lanes = lives > 1 ? Math.Min(lives.Value, Environment.ProcessorCount) : 1;
        await Task.WhenAll([
            LaneAsync(stepped),
            .. Enumerable.Range(1, lanes - 1).Select(BesideAsync),
        ]);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{lived} lives from seed {first}, {operations} operations, {operations / clock.Elapsed.TotalSeconds:F1} a second"
        );

        // A lane has hosts, keys and a metadata database of its own: what a seed lives is the same in all.
        async Task BesideAsync(int lane)
        {
            await using var beside = new SteppedControl(postgres);
            await beside.InitializeAsync();
            await LaneAsync(beside);
        }

        async Task LaneAsync(SteppedControl control)
        {
            while (Interlocked.Increment(ref begun) is var life && IsWanted(life))
            {
                Interlocked.Add(ref operations, await LiveAsync(control, first + life - 1));
                Interlocked.Increment(ref lived);
            }
        }

        bool IsWanted(int life) =>
            lives is { } wanted ? life <= wanted : life == 1 || clock.Elapsed < Budget;
    }

    /// <returns>How many operations the life had.</returns>
    private static async Task<int> LiveAsync(SteppedControl control, int seed)
    {
        var life = new RandomLife(control, new Random(seed));
        try
        {
            await life.LiveAsync();
        }
        catch (Exception exception)
        {
            Assert.Fail($"DBAAS_SEED={seed} fails: {exception.Message}\n{life.Story}\n{exception}");
        }

        return life.Operations;
    }
}
