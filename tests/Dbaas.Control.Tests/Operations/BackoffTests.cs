using Dbaas.Control.Operations;

namespace Dbaas.Control.Tests.Operations;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(false, false, 5)]
    [InlineData(false, true, 2)]
    [InlineData(true, false, 30)]
    [InlineData(true, true, 30)]
    public void Given_attempts_without_end_when_pausing_then_pauses_double_up_to_their_limit(
        bool undoing,
        bool waits,
        double limit
    )
    {
        var expected = 0.2;
        for (var attempt = 1; attempt < 200; attempt++)
        {
            Assert.Equal(
                TimeSpan.FromSeconds(expected),
                Backoff.After(attempt, undoing, waits, chance: 0)
            );
            Assert.InRange(
                Backoff.After(attempt, undoing, waits, chance: 1).TotalSeconds,
                expected * 0.75 - 1e-6,
                expected
            );
            expected = Math.Min(limit, expected * 2);
        }
    }
}
