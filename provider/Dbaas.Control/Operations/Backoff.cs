namespace Dbaas.Control.Operations;

/// <summary>How long to wait before the next attempt.</summary>
internal static class Backoff
{
    /// <summary>
    /// Doubles from 200 ms. Capped at 5 s, because a create must be done within 10 s after the part it waits for is back; undoing is
    /// never given up and is capped at 30 s.
    /// </summary>
    /// <param name="attempt">1 after the first failure.</param>
    /// <param name="undoing">Whether the step is being taken back.</param>
    /// <param name="chance">0 to 1; spreads herds by up to a quarter.</param>
    public static TimeSpan After(int attempt, bool undoing, double chance)
    {
        var cap = undoing ? 30.0 : 5.0;
        var seconds = Math.Min(cap, 0.2 * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20)));
        return TimeSpan.FromSeconds(seconds * (1 - (0.25 * chance)));
    }
}
