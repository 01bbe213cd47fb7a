using System.Text.Json.Nodes;

namespace Dbaas.Client.Audit;

/// <summary>One row of the audit trail: a change, a refusal or a fetch of a secret.</summary>
public sealed record AuditEventView
{
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>e.g. instance.create.requested, access.denied, credentials.fetched.</summary>
    public required string Kind { get; init; }

    /// <summary>info, warning, error.</summary>
    public required string Severity { get; init; }
    public required string Principal { get; init; }
    public string? ResourceId { get; init; }
    public string? OperationId { get; init; }
    public string? RequestId { get; init; }
    public required string Message { get; init; }
    public JsonObject? Data { get; init; }
}
