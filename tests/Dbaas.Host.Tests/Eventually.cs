namespace Dbaas.Host.Tests;

/// <summary>Waits for a condition with a deadline and reports the last thing seen.</summary>
internal static class Eventually
{
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> read,
        Func<T, bool> satisfies,
        TimeSpan deadline
    )
    {
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await read();
            if (satisfies(seen))
            {
                return seen;
            }
            Assert.True(
                TimeProvider.System.GetElapsedTime(until) < deadline,
                $"Not within {deadline}; last seen: {seen}"
            );
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
