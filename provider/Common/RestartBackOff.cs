namespace Dbaas.Common;

/// <summary>
/// How long to wait before a process that has ended is started again: not at all the first time, then longer and longer while it dies
/// young, so that one that cannot live does not burn the machine.
/// </summary>
/// <param name="first">The wait after the second death in a row; each further one doubles it.</param>
/// <param name="longest">No wait is longer.</param>
/// <param name="settled">
/// Whoever has lived so long is started again at once. It should be a few times what a start takes: such a death is no failed start, and
/// somebody waits for the next one.
/// </param>
internal sealed class RestartBackOff(TimeSpan first, TimeSpan longest, TimeSpan settled)
{
    private int deaths;

    public TimeSpan Longest => longest;

    /// <param name="lived">How long the process that has just died had lived; zero when it did not even start.</param>
    public TimeSpan AfterDeath(TimeSpan lived)
    {
        deaths = lived >= settled ? 1 : Math.Min(deaths + 1, 32);
        return deaths == 1
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(
                Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, deaths - 2))
            );
    }

    public void Reset() => deaths = 0;
}
