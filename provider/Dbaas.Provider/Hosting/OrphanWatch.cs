namespace Dbaas.Provider.Hosting;

/// <summary>
/// Ends the process when nobody is left to serve: the host was killed (another parent), or its connection is gone and does not come
/// back. A plugin that lingers after a hard stop is a classic complaint.
/// </summary>
internal sealed class OrphanWatch(PluginServer server, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int PatienceInChecks = 10;

    /// <summary>Returns when the process should end.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var parent = Native.ParentProcessId();
        using var timer = new PeriodicTimer(Interval, time);
        var wasConnected = false;
        var alone = 0;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            wasConnected |= server.Connections > 0;
            alone = wasConnected && server.Connections == 0 ? alone + 1 : 0;
            if (Native.ParentProcessId() != parent || alone > PatienceInChecks)
            {
                return;
            }
        }
    }
}
