namespace Dbaas.Supervisor.Units;

/// <summary>
/// How long to wait before a unit is started again: not at all the first time, then 1, 2, 4 … 30 seconds while it keeps dying young.
/// Whoever has lived ten seconds has earned an immediate restart: it has served, so that its death is no failed start, and the
/// slowest of ours takes three seconds to be ready. A minute was too much: a service killed every half minute stayed away for half of it.
/// </summary>
internal sealed class BackOff
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);
    private int deaths;

    /// <param name="lived">How long the process that just died had lived.</param>
    public TimeSpan AfterDeath(TimeSpan lived)
    {
        deaths = lived >= Settled ? 0 : deaths + 1;
        return deaths <= 1
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(
                Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(deaths, 10) - 2))
            );
    }

    public void Reset() => deaths = 0;
}
