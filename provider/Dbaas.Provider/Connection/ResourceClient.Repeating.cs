using System.Net;
using Refit;

namespace Dbaas.Provider.Connection;

/// <summary>When a request is sent again. The service makes that safe: it never carries out twice what this run asked for.</summary>
internal sealed partial class ResourceClient
{
    /// <summary>Whether this process has begun to change anything. What was read before may then be out of date.</summary>
    public bool HasWritten
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    // A service that answered in this run and does not any more restarts (an upgrade, a crash); the work goes on by itself meanwhile.
    private static readonly TimeSpan PatienceWithSilence = TimeSpan.FromMinutes(2);

    // Nobody has answered yet: most likely the address is wrong, and whoever wrote it wants to know.
    private static readonly TimeSpan PatienceAtFirst = TimeSpan.FromSeconds(5);

    // The same before a change. Its plan was made a moment ago, by another process that was answered: a restart is likelier here.
    private static readonly TimeSpan PatienceAtFirstChange = TimeSpan.FromSeconds(15);

    // A killed run's lease ends within 15 seconds; a living run renews it, and then the answer stays no.
    private static readonly TimeSpan PatienceWithLease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Sends what changes nothing, again and again while the service is away.</summary>
    private Task<T> AskAsync<T>(Func<Task<T>> once, CancellationToken cancellationToken) =>
        RepeatAsync(once, isChange: false, cancellationToken);

    /// <summary>
    /// Sends a change. Again also when its answer was lost (the service died in the middle of it; what it made meanwhile is this run's own),
    /// while that lost request is still being carried out, and while a run that was killed still holds its lease on a create.
    /// </summary>
    /// <param name="send">Takes a fresh Idempotency-Key: the one of a request that died may stay claimed.</param>
    private Task<Answer> ChangeAsync(
        Func<string, Task<IApiResponse<string>>> send,
        CancellationToken cancellationToken
    ) =>
        RepeatAsync(
            async () =>
            {
                using var response = await SendAsync(
                    () => send(Guid.NewGuid().ToString("N")),
                    cancellationToken
                );
                return new Answer(response.StatusCode ?? HttpStatusCode.OK, Accepted(response));
            },
            isChange: true,
            cancellationToken
        );

    private async Task<T> RepeatAsync<T>(
        Func<Task<T>> once,
        bool isChange,
        CancellationToken cancellationToken
    )
    {
        if (isChange)
        {
            HasWritten = true;
        }

        long? failing = null;
        var lost = false;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? asked;
            try
            {
                return await once();
            }
            catch (UnreachableException error)
                when (Since(ref failing) is var failed
                    && Patience(error, isChange) is var patience
                    && failed < patience
                    && Silence < patience
                )
            {
                lost |= error.MayHaveArrived;
                asked = error.RetryAfter;
            }
            catch (ServiceException error)
                when (error.OperationId is null
                    && Since(ref failing) < Patience(error, lost, isChange)
                )
            {
                lost |= IsAway((HttpStatusCode)error.Problem.Status);
                asked = error.RetryAfter;
            }

            await Task.Delay(Pause(asked, attempt), time, cancellationToken);
        }
    }

    /// <summary>How long this call has been failing.</summary>
    private TimeSpan Since(ref long? failing)
    {
        failing ??= time.GetTimestamp();
        return time.GetElapsedTime(failing.Value);
    }

    private TimeSpan Patience(UnreachableException error, bool isChange) =>
        !error.MayPass ? TimeSpan.Zero
        : answered || error.RetryAfter is not null || isChange && error.MayHaveArrived
            ? PatienceWithSilence
        // Waiting for a silence to end took long enough.
        : error.TimedOut ? TimeSpan.Zero
        : isChange ? PatienceAtFirstChange
        : PatienceAtFirst;

    private TimeSpan Patience(ServiceException error, bool lost, bool isChange)
    {
        var code = error.Problem.Code;
        if (code.EndsWith(".create_held", StringComparison.Ordinal))
        {
            return PatienceWithLease;
        }

        if (lost && IsBusy(code))
        {
            return PatienceWithSilence;
        }

        return !IsAway((HttpStatusCode)error.Problem.Status) ? TimeSpan.Zero
            : answered || error.RetryAfter is not null ? PatienceWithSilence
            : isChange ? PatienceAtFirstChange
            : PatienceAtFirst;
    }

    private static TimeSpan Pause(TimeSpan? asked, int attempt)
    {
        var pause =
            asked
            ?? TimeSpan.FromTicks(Math.Min((ShortestPause * attempt).Ticks, LongestPause.Ticks));
        // Those who were sent away together must not come back together.
        return pause + pause * (Random.Shared.NextDouble() / 4);
    }
}
