using System.Diagnostics;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>Waits for a condition instead of a time.</summary>
public static class Eventually
{
    /// <summary>Asks until the answer satisfies; reports the last answer when the deadline passes.</summary>
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> ask,
        Func<T, bool> satisfies,
        TimeSpan deadline,
        string what
    )
    {
        var watch = Stopwatch.StartNew();
        string last;
        do
        {
            try
            {
                var answer = await ask();
                if (satisfies(answer))
                {
                    return answer;
                }

                last = answer?.ToString() ?? "null";
            }
            catch (Exception exception)
                when (exception
                        is HttpRequestException
                            or IOException
                            or System.Data.Common.DbException
                            or TaskCanceledException
                    && !TestContext.Current.CancellationToken.IsCancellationRequested
                )
            {
                last = exception.Message;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        } while (watch.Elapsed < deadline);

        throw new TimeoutException(
            $"{what}: not within {deadline.TotalSeconds:0} s. Last seen: {last}"
        );
    }

    public static Task HoldsAsync(Func<Task<bool>> condition, TimeSpan deadline, string what) =>
        BecomesAsync(condition, holds => holds, deadline, what);
}
