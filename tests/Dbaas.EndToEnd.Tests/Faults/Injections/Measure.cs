namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <param name="What">e.g. "host daemon back".</param>
/// <param name="Seconds">Measured.</param>
/// <param name="LimitSeconds">The list's pass line.</param>
internal sealed record Measure(string What, double Seconds, double LimitSeconds)
{
    public static Measure Of(string what, TimeSpan measured, double limitSeconds) =>
        new(what, Math.Round(measured.TotalSeconds, 2), limitSeconds);
}
