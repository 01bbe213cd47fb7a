namespace Dbaas.Control.Audit;

/// <summary>
/// How long the trail of a refusal may take. The caller's connection does not count: whoever hangs up before the answer must be in the
/// trail like everybody else.
/// </summary>
internal sealed class TrailTime(IHostApplicationLifetime life)
{
    /// <summary>Far beyond what a write takes, so that a stuck database does not keep requests for ever.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    /// <summary>Ends with the service or after the longest time; dispose it.</summary>
    public CancellationTokenSource Begin()
    {
        var ends = CancellationTokenSource.CreateLinkedTokenSource(life.ApplicationStopped);
        ends.CancelAfter(s_longest);
        return ends;
    }
}
