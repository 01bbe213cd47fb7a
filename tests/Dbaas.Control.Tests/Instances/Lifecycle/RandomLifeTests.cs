using System.Diagnostics;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// Random lives of instances with random faults. The same seed lives the same life: a failure names its seed, and
/// <c>DBAAS_SEED=N</c> repeats it; <c>DBAAS_SEEDS=N</c> lives N of them, however long that takes.
/// </summary>
public sealed class RandomLifeTests(SteppedControl stepped) : IClassFixture<SteppedControl>
{
    private const int DefaultSeconds = 20;

    [Fact]
    public async Task Given_random_lives_when_anything_goes_wrong_then_the_books_balance_and_nothing_is_left()
    {
        var clock = Stopwatch.StartNew();
        var budget = TimeSpan.FromSeconds(DefaultSeconds);
        var asked = RunSetting.Number("DBAAS_SEED");
        var lives = asked is null ? RunSetting.Number("DBAAS_SEEDS") : 1;
        var operations = 0;
        var first = asked ?? Random.Shared.Next(1_000_000);
        var seed = first;
        do
        {
            var life = new RandomLife(stepped, new Random(seed));
            try
            {
                await life.LiveAsync();
            }
            catch (Exception exception)
            {
                Assert.Fail(
                    $"DBAAS_SEED={seed} fails: {exception.Message}\n{life.Story}\n{exception}"
                );
            }

            seed++;
            operations += life.Operations;
        } while (lives is { } wanted ? seed - first < wanted : clock.Elapsed < budget);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{seed - first} lives from seed {first}, {operations} operations, {operations / clock.Elapsed.TotalSeconds:F1} a second"
        );
    }
}
