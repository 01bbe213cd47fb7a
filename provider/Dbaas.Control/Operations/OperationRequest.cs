using System.Text.Json.Nodes;
using Dbaas.Control.Ids;

namespace Dbaas.Control.Operations;

/// <summary>An operation to be written in the transaction of the change that needs it.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Kind">A workflow's kind.</param>
/// <param name="ResourceId">What it changes.</param>
/// <param name="ResourceName">Its name now.</param>
/// <param name="Arguments">What was asked; holds no secret.</param>
/// <param name="State">The first state of the steps.</param>
internal sealed record OperationRequest(
    TenantId Tenant,
    string Kind,
    string ResourceId,
    string ResourceName,
    JsonNode Arguments,
    JsonNode State
)
{
    /// <summary>Name of the principal; platform when the platform itself acts.</summary>
    public string RequestedBy { get; init; } = "platform";
    public PrincipalId? PrincipalId { get; init; }
    public string ClientKind { get; init; } = "";
    public string RequestId { get; init; } = "";
    public bool Adopted { get; init; }
}
