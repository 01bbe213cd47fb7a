using Dbaas.Control.Ids;

namespace Dbaas.Control.Operations;

/// <summary>What a step may know about the operation it belongs to.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Attempt">1 for the first attempt of this step.</param>
/// <param name="RequestedBy">Name of the principal, for the audit trail.</param>
/// <param name="RequestId">Request that asked for it; empty when the platform did.</param>
/// <param name="Report">Tells those who wait, in a few words; written at most twice a second.</param>
internal sealed record StepContext(
    OperationId Operation,
    TenantId Tenant,
    int Attempt,
    string RequestedBy,
    string RequestId,
    Action<string> Report
);
