namespace Dbaas.Control.Operations;

/// <summary>How long to wait before the next attempt.</summary>
internal static class Backoff
{
    /// <summary>
    /// Doubles from 200 ms. Capped at 5 s; at 2 s while a part is known to be away, because a create must be done within 10 s after it
    /// is back, whatever the engine takes of them. Undoing is never given up and is capped at 30 s.
    /// </summary>
    /// <param name="attempt">1 after the first failure.</param>
    /// <param name="undoing">Whether the step is being taken back.</param>
    /// <param name="waits">Whether it only waits for a part that is away.</param>
    /// <param name="chance">0 to 1; spreads herds by up to a quarter.</param>
    public static TimeSpan After(int attempt, bool undoing, bool waits, double chance)
    {
        var cap = (undoing, waits) switch
        {
            (true, _) => 30.0,
            (_, true) => 2.0,
            _ => 5.0,
        };
        var seconds = Math.Min(cap, 0.2 * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20)));
        return TimeSpan.FromSeconds(seconds * (1 - (0.25 * chance)));
    }
}
