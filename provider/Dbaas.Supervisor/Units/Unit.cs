namespace Dbaas.Supervisor.Units;

/// <summary>One long-running program as it should run now; <c>run/units.json</c> lists all in the order they need each other.</summary>
internal sealed record Unit
{
    /// <summary>e.g. host-local-a; names log, pid and settings file.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute, without links: a running unit stays on the version it was started from.</summary>
    public required string Program { get; init; }
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>User and group it runs as; null is root.</summary>
    public int? Uid { get; init; }

    /// <summary>Changes when program, settings or certificates do; a unit with another one is restarted.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Units that come later start when this answers: <c>unix:PATH</c>, <c>tcp:PORT</c> or <c>control</c>.</summary>
    public required string Ready { get; init; }

    /// <summary>Names of the units that must be ready before this one starts.</summary>
    public required IReadOnlyList<string> After { get; init; }

    /// <summary>How long it may take to end by itself, in seconds.</summary>
    public int StopSeconds { get; init; } = 20;
}
