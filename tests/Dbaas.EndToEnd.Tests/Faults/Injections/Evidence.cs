namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>Where a fault must be readable afterwards.</summary>
/// <param name="Log">A log file below the root, e.g. <c>log/supervisor.log</c>; null for the tenant's audit trail.</param>
/// <param name="Pattern">Regular expression over a line of the log, or over kind and message of an event.</param>
internal sealed record Evidence(string? Log, string Pattern)
{
    public static Evidence Event(string pattern) => new(null, pattern);

    /// <summary>The supervisor's own words about a unit that ended.</summary>
    public static Evidence Restarted(string unit) =>
        new("log/supervisor.log", $"{unit}: process [0-9]+ ended");
}
