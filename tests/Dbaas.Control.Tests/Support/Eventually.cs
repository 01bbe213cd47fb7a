using System.Diagnostics;

namespace Dbaas.Control.Tests.Support;

/// <summary>Waits for a condition and says what was seen last when it does not come.</summary>
internal static class Eventually
{
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> look,
        Func<T, bool> satisfies,
        TimeSpan? deadline = null
    )
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (satisfies(seen))
            {
                return seen;
            }

            Assert.True(
                clock.Elapsed < (deadline ?? TimeSpan.FromSeconds(30)),
                $"Last seen: {seen}"
            );
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
