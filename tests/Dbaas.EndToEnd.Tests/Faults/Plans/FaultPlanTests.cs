namespace Dbaas.EndToEnd.Tests.Faults.Plans;

/// <summary>A plan is its seed: nothing else decides what a run tries.</summary>
public sealed class FaultPlanTests
{
    private const int Many = 240;

    private static readonly Dictionary<string, IReadOnlyList<string>> Steps = new()
    {
        ["create"] = ["one", "two", "three"],
        ["update"] = ["begin", "rewrap-data-keys", "grow"],
        ["delete"] = ["four", "five"],
    };

    [Fact]
    public void Given_one_seed_when_drawn_twice_then_the_plan_is_the_same() =>
        Assert.Equal(Draw(7), Draw(7));

    [Fact]
    public void Given_two_seeds_when_drawn_then_the_plans_differ() =>
        Assert.NotEqual(Draw(7), Draw(8));

    [Fact]
    public void Given_a_plan_when_its_first_round_is_over_then_every_fault_struck_both_engines()
    {
        var choices = FaultCatalogue.All(Steps);
        var round = FaultPlan.Draw(1, choices).Take(2 * choices.Count).ToList();

        Assert.All(round, one => Assert.False(one.IsPair));
        foreach (var choice in choices)
        {
            var row = choice.Make(choice.Variants[0]).GetType();
            Assert.Equal(
                ["mysql", "postgresql"],
                round.Where(one => one.Faults[0].GetType() == row).Select(one => one.Engine).Order()
            );
        }
    }

    [Fact]
    public void Given_a_plan_when_it_goes_on_then_pairs_hold_two_different_faults_that_may_overlap()
    {
        var choices = FaultCatalogue.All(Steps);
        var together = choices
            .Where(choice => choice.Pairs)
            .Select(choice => choice.Make(choice.Variants[0]).GetType())
            .ToHashSet();
        var pairs = FaultPlan.Draw(1, choices).Take(Many).Where(one => one.IsPair).ToList();

        Assert.NotEmpty(pairs);
        Assert.All(
            pairs,
            pair =>
            {
                Assert.NotEqual(pair.Faults[0].GetType(), pair.Faults[1].GetType());
                Assert.All(pair.Faults, fault => Assert.Contains(fault.GetType(), together));
                Assert.False(pair.Faults[0].TakesService);
                Assert.False(
                    pair.Faults.Any(fault => fault.HoldsChange)
                        && pair.Faults.All(fault => fault.BeginsChange)
                );
                // Who needs keys or a host for a create comes before they are taken away.
                Assert.True(
                    !pair.Faults[0].TakesKeys
                        || pair.Faults[1].TakesKeys
                        || pair.Faults[1].TakesHost
                        || pair.Faults[1].TakesService
                );
                Assert.True(
                    !pair.Faults[0].TakesHost
                        || pair.Faults[1].TakesHost
                        || pair.Faults[1].TakesService
                );
            }
        );
    }

    [Fact]
    public void Given_a_plan_when_it_goes_on_then_short_faults_strike_in_every_round_and_long_ones_come_again()
    {
        var choices = FaultCatalogue.All(Steps);
        var later = FaultPlan.Draw(1, choices).Skip(2 * choices.Count).Take(Many).ToList();
        // Both engines once in a round, with a pair and a long fault behind each fourth.
        var round = 2 * choices.Count(choice => choice.Short);
        var least = (Many - 2 * (Many / (FaultPlan.Between * round) + 1)) / round;

        foreach (var choice in choices.Where(choice => choice.Short))
        {
            var row = choice.Make(choice.Variants[0]).GetType();
            foreach (var struck in later.Where(Strikes).CountBy(one => one.Engine))
            {
                Assert.InRange(struck.Value, least, Many / round + 1);
            }

            Assert.Equal(2, later.Where(Strikes).Select(one => one.Engine).Distinct().Count());

            bool Strikes(FaultCase one) => !one.IsPair && one.Faults[0].GetType() == row;
        }

        Assert.Contains(later, one => one.IsPair);
        var muchLater = FaultPlan.Draw(1, choices).Skip(2 * choices.Count).Take(8 * Many);
        Assert.Contains(muchLater, one => !one.IsPair && one.Faults[0].TakesMinutes);
    }

    [Fact]
    public void Given_short_faults_alone_when_drawn_as_a_sample_then_the_plan_goes_on_and_none_takes_minutes()
    {
        var choices = FaultCatalogue.All(Steps).Where(choice => choice.Short).ToList();
        var plan = FaultPlan.Draw(1, choices).Take(Many).ToList();

        Assert.Equal(Many, plan.Count);
        Assert.DoesNotContain(plan, one => one.Faults.Any(fault => fault.TakesMinutes));
    }

    private static List<string> Draw(int seed) =>
        [
            .. FaultPlan
                .Draw(seed, FaultCatalogue.All(Steps))
                .Take(Many)
                .Select(one => one.ToString()),
        ];
}
