namespace Dbaas.Provider.Hosting;

/// <summary>
/// Ends the process when nobody is left to serve: the host was killed (another parent, or nobody holds the other end of our output, which
/// also shows when it died before this process could look who its parent is), or its connection is gone and does not come back. A plugin
/// that lingers after a hard stop is a classic complaint.
/// </summary>
/// <param name="connections">How many of them there are now.</param>
/// <param name="isHeard">Whether the host still holds the pipe that it reads our output from.</param>
/// <param name="time">Of the looks.</param>
internal sealed class OrphanWatch(Func<int> connections, Func<bool> isHeard, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int PatienceInChecks = 10;

    /// <summary>A host that waits longer for its plugin gives up itself (go-plugin's StartTimeout, one minute).</summary>
    private const int PatienceForTheFirst = 60;

    /// <summary>Returns when the process should end.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var parent = Native.ParentProcessId();
        using var timer = new PeriodicTimer(Interval, time);
        var wasConnected = false;
        var alone = 0;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var now = connections();
            wasConnected |= now > 0;
            alone = now == 0 ? alone + 1 : 0;
            var patience = wasConnected ? PatienceInChecks : PatienceForTheFirst;
            if (Native.ParentProcessId() != parent || alone > patience || (now == 0 && !isHeard()))
            {
                return;
            }
        }
    }
}
