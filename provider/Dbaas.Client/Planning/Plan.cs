using System.Text.Json.Nodes;
using Dbaas.Client.Operations;

namespace Dbaas.Client.Planning;

/// <summary>The dry run of a change: POST /v1/plan.</summary>
public sealed record PlanRequest
{
    /// <summary>Resource token of schema.json without package and module, e.g. DatabaseInstance.</summary>
    public required string Resource { get; init; }

    /// <summary>create, update, delete, start, stop, restart.</summary>
    public required string Action { get; init; }

    /// <summary>Id or name of the resource; absent for create.</summary>
    public string? Id { get; init; }

    /// <summary>The whole desired inputs; absent for delete, start, stop, restart. Unknown values are left out and named in <see cref="Unknown"/>.</summary>
    public JsonObject? Inputs { get; init; }

    /// <summary>JSON pointers of inputs whose value is not known yet; they are not judged.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}

/// <summary>What would happen. Always 200, also for changes that would be refused: <see cref="Errors"/> says so.</summary>
public sealed record PlanResult
{
    /// <summary>False when the change would be refused.</summary>
    public required bool Valid { get; init; }
    public IReadOnlyList<FieldProblem> Errors { get; init; } = [];
    public IReadOnlyList<FieldProblem> Warnings { get; init; } = [];

    /// <summary>Properties that really change, after normalisation: two spellings of one value are no change.</summary>
    public IReadOnlyList<PlannedChange> Changes { get; init; } = [];

    /// <summary>Whether the engine restarts during the change.</summary>
    public bool Restart { get; init; }

    /// <summary>Whether something waits for the maintenance window.</summary>
    public bool Deferred { get; init; }
    public required OutageForecast ExpectedWriteOutage { get; init; }
    public required CostDifference MonthlyCost { get; init; }

    /// <summary>Defaults the service would fill in, by property name (create: region, engineVersion, kmsKeyId …).</summary>
    public JsonObject? Resolved { get; init; }
}

/// <param name="Pointer">JSON pointer of the property.</param>
/// <param name="Effect">live, restart, pending, none.</param>
public sealed record PlannedChange(
    string Pointer,
    JsonNode? Before,
    JsonNode? After,
    string Effect
);

/// <param name="Seconds">0 when writes go on.</param>
/// <param name="Basis">measured (this platform's own history), bench (the engine's bench figure) or none.</param>
public sealed record OutageForecast(double Seconds, string Basis);

public sealed record CostDifference(
    decimal Before,
    decimal After,
    decimal Difference,
    string Currency
);
