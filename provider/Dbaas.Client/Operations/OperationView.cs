namespace Dbaas.Client.Operations;

/// <summary>One change and how far it has come.</summary>
public sealed record OperationView
{
    public required string Id { get; init; }

    /// <summary>e.g. instance.create, instance.update, instance.delete.</summary>
    public required string Kind { get; init; }

    /// <summary>The resource it changes, e.g. ins_….</summary>
    public required string ResourceId { get; init; }
    public required string ResourceName { get; init; }

    /// <summary>queued, running, succeeded, failed, undone, cancelled.</summary>
    public required string State { get; init; }

    /// <summary>0 to 100.</summary>
    public required int ProgressPercent { get; init; }

    /// <summary>The step under way or the last one, in the field's words.</summary>
    public required string CurrentStep { get; init; }
    public required IReadOnlyList<OperationStepView> Steps { get; init; }

    /// <summary>Why it failed, null otherwise.</summary>
    public ProblemBody? Error { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether a cancel would be accepted now.</summary>
    public required bool Cancellable { get; init; }

    /// <summary>True when a create met an unacknowledged instance of its own run and took it over.</summary>
    public bool Adopted { get; init; }

    /// <summary>Longest time in seconds that writes were refused, as the engine measured it; 0 when they went on.</summary>
    public double WriteOutageSeconds { get; init; }
}

/// <param name="State">waiting, running, done, failed, undone.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="DurationMilliseconds">Null until done.</param>
public sealed record OperationStepView(
    string Name,
    string State,
    int Attempts,
    double? DurationMilliseconds,
    string Message
);

/// <summary>RFC 9457 problem, with our extension members.</summary>
public sealed record ProblemBody
{
    public string? Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public string? Detail { get; init; }
    public string? Instance { get; init; }

    /// <summary>Stable code, area.reason in snake case; listed in docs/problems.md.</summary>
    public required string Code { get; init; }
    public string? RequestId { get; init; }
    public IReadOnlyList<FieldProblem> Errors { get; init; } = [];

    /// <summary>The engine's own last log lines when the engine was the reason.</summary>
    public IReadOnlyList<string> LogLines { get; init; } = [];
}

/// <param name="Pointer">JSON pointer into the request (for plans: into inputs), e.g. /storageGib.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Allowed">What would be right, empty when no list makes sense.</param>
public sealed record FieldProblem(string Pointer, string Code, string Message, string Allowed);
