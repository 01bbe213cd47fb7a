using Dbaas.Control.Ids;

namespace Dbaas.Control.Operations;

/// <summary>Tells whoever runs operations that a resource has one. Losing the call is harmless: the sweep finds it within a second.</summary>
internal interface IOperationDispatcher
{
    Task DispatchAsync(TenantId tenant, string resourceId, CancellationToken cancellationToken);
}
