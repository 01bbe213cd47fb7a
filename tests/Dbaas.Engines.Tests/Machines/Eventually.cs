using System.Diagnostics;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>Waits for a condition with a deadline and reports the last thing seen.</summary>
internal static class Eventually
{
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> observe,
        Func<T, bool> satisfies,
        TimeSpan deadline
    )
    {
        var clock = Stopwatch.StartNew();
        object? last = null;
        while (clock.Elapsed < deadline)
        {
            try
            {
                var seen = await observe();
                if (satisfies(seen))
                {
                    return seen;
                }

                last = seen;
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                last = failure;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"Not within {deadline}; last seen: {last}");
    }
}
