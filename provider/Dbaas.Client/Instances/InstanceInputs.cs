namespace Dbaas.Client.Instances;

/// <summary>
/// What a user declares: the input properties of <c>DatabaseInstance</c> in schema.json, one to one. In a request an absent or null
/// property means its default; in a view every property is set. Validation happens in the control service, so the types here are
/// as wide as JSON allows.
/// </summary>
public sealed record InstanceInputs
{
    /// <summary>Name within the tenant, changeable.</summary>
    public string? Name { get; init; }

    /// <summary>Engine name, e.g. postgresql.</summary>
    public string? Engine { get; init; }

    /// <summary>Major version, or a minor as a floor.</summary>
    public string? EngineVersion { get; init; }
    public string? Region { get; init; }

    /// <summary>Cores, a ceiling.</summary>
    public double? Cpu { get; init; }
    public double? MemoryGib { get; init; }

    /// <summary>A floor; never shrinks.</summary>
    public int? StorageGib { get; init; }
    public string? KmsKeyId { get; init; }
    public IReadOnlyList<string>? AllowedCidrs { get; init; }
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
    public IReadOnlyList<string>? Databases { get; init; }
    public MaintenanceWindow? MaintenanceWindow { get; init; }

    /// <summary>immediate or window.</summary>
    public string? ChangePolicy { get; init; }
    public bool? DeletionProtection { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

/// <summary>A weekly time in UTC in which restarts are allowed.</summary>
public sealed record MaintenanceWindow
{
    /// <summary>monday to sunday.</summary>
    public required string Day { get; init; }

    /// <summary>HH:MM.</summary>
    public required string StartTime { get; init; }

    /// <summary>30 to 1440; 60 when absent.</summary>
    public int? DurationMinutes { get; init; }
}

/// <summary>The instance as the API shows it: id, inputs and outputs flat in one object, named as in schema.json.</summary>
public sealed record InstanceView
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Engine { get; init; }
    public required string EngineVersion { get; init; }
    public required string Region { get; init; }
    public required double Cpu { get; init; }
    public required double MemoryGib { get; init; }
    public required int StorageGib { get; init; }
    public required string KmsKeyId { get; init; }
    public required IReadOnlyList<string> AllowedCidrs { get; init; }
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    public required IReadOnlyList<string> Databases { get; init; }
    public required MaintenanceWindow MaintenanceWindow { get; init; }
    public required string ChangePolicy { get; init; }
    public required bool DeletionProtection { get; init; }
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Null until the address is drawn, which is in the transaction of the create.</summary>
    public required EndpointView Endpoint { get; init; }
    public required string CaCertificate { get; init; }

    /// <summary>provisioning, available, updating, stopped, failed, deleting.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is in this status, where the user did not ask for it; null otherwise.</summary>
    public string? StatusReason { get; init; }
    public required IReadOnlyList<MemberView> Members { get; init; }
    public required string ActualVersion { get; init; }
    public required int ActualStorageGib { get; init; }
    public required IReadOnlyList<PendingChangeView> PendingChanges { get; init; }
    public required CostEstimateView MonthlyCostEstimate { get; init; }

    /// <summary>What it used since it was made, at today's prices.</summary>
    public CostEstimateView? CostSoFar { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Id of the operation under way, null when none.</summary>
    public string? OperationId { get; init; }

    /// <summary>Whether a provider has acknowledged its create (design, promise 3).</summary>
    public bool Acknowledged { get; init; }
}

public sealed record EndpointView(string Host, int Port);

public sealed record MemberView(
    string Id,
    string Role,
    string Status,
    string ActualVersion,
    string Region
);

/// <param name="Property">JSON pointer, e.g. /parameters/shared_buffers.</param>
/// <param name="Reason">Why it waits.</param>
/// <param name="DueAt">RFC 3339, empty when a restart by hand is awaited.</param>
public sealed record PendingChangeView(string Property, string Reason, string DueAt);

/// <param name="Amount">Main unit of the currency; an estimate for a month is for 730 hours.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record CostEstimateView(decimal Amount, string Currency);

/// <summary>A login, fetched when used; every fetch is audited.</summary>
public sealed record CredentialsView
{
    public required string Host { get; init; }
    public required int Port { get; init; }
    public required string Username { get; init; }
    public required string Password { get; init; }
    public required string Database { get; init; }

    /// <summary>PEM certificate of the authority behind the endpoint's certificate.</summary>
    public required string Ca { get; init; }

    /// <summary>Never prints the password.</summary>
    public override string ToString() => $"{Username}@{Host}:{Port}/{Database}";
}
