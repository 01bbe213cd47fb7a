using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Tests.Units;

/// <summary>With the supervisor's own times.</summary>
public sealed class RestartBackOffTests
{
    [Fact]
    public void Given_a_unit_that_dies_at_once_again_and_again_when_it_is_restarted_then_waits_grow_to_thirty_seconds()
    {
        var backOff = UnitKeeper.NewBackOff();

        var waits = Enumerable
            .Range(0, 9)
            .Select(_ => backOff.AfterDeath(TimeSpan.Zero).TotalSeconds);

        Assert.Equal([0, 1, 2, 4, 8, 16, 30, 30, 30], waits);
    }

    [Fact]
    public void Given_a_unit_that_had_settled_when_it_dies_then_it_is_back_at_once()
    {
        var backOff = UnitKeeper.NewBackOff();
        for (var death = 0; death < 6; death++)
        {
            backOff.AfterDeath(TimeSpan.Zero);
        }

        Assert.Equal(TimeSpan.Zero, backOff.AfterDeath(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Given_a_unit_that_is_killed_twice_a_minute_when_it_dies_then_it_is_back_at_once_every_time()
    {
        var backOff = UnitKeeper.NewBackOff();

        var waits = Enumerable
            .Range(0, 9)
            .Select(_ => backOff.AfterDeath(TimeSpan.FromSeconds(27)).TotalSeconds);

        Assert.All(waits, wait => Assert.Equal(0, wait));
    }
}
