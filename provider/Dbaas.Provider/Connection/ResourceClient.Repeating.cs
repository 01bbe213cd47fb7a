namespace Dbaas.Provider.Connection;

/// <summary>When a change is asked for again. The service makes that safe: it never carries out twice what this run asked for.</summary>
internal sealed partial class ResourceClient
{
    /// <summary>
    /// Asks again when an answer was lost (the service died in the middle of it; what it made meanwhile is this run's own), while that
    /// lost request is still being carried out, and while a run that was killed still holds its lease on a create.
    /// </summary>
    private async Task<T> RepeatAsync<T>(Func<Task<T>> once, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var lost = false;
        while (true)
        {
            try
            {
                return await once();
            }
            catch (UnreachableException error)
                when ((lost || error.MayHaveArrived)
                    && time.GetElapsedTime(began) < PatienceWithSilence
                )
            {
                lost = true;
                await Task.Delay(PauseWhenSilent, time, cancellationToken);
            }
            catch (ServiceException error)
                when (error.OperationId is null
                    && time.GetElapsedTime(began) < PatienceWith(error.Problem.Code, lost)
                )
            {
                await Task.Delay(PauseWhenSilent, time, cancellationToken);
            }
        }
    }

    private static TimeSpan PatienceWith(string code, bool lost)
    {
        if (code.EndsWith(".create_held", StringComparison.Ordinal))
        {
            return PatienceWithLease;
        }

        return lost && code.EndsWith(".busy", StringComparison.Ordinal)
            ? PatienceWithSilence
            : TimeSpan.Zero;
    }
}
