using System.Text.Json.Nodes;
using Dbaas.Client.Audit;
using Dbaas.Client.Catalogue;
using Dbaas.Client.Hosts;
using Dbaas.Client.Instances;
using Dbaas.Client.Keys;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Dbaas.Client.Tenancy;
using Dbaas.Client.Usage;
using Refit;

namespace Dbaas.Client;

/// <summary>
/// The control service's REST interface. Calls that change something answer 201 or 200 with the resource when they finished within
/// <c>Prefer: wait=N</c> (seconds, at most 60), else 202 with the operation.
/// </summary>
public interface IDbaasApi
{
    [Get("/v1/instances")]
    Task<Page<InstanceView>> ListInstancesAsync(
        string? name,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    [Get("/v1/instances/{idOrName}")]
    Task<IApiResponse<InstanceView>> GetInstanceAsync(
        string idOrName,
        CancellationToken cancellationToken
    );

    [Post("/v1/instances")]
    Task<IApiResponse<string>> CreateInstanceAsync(
        [Body] InstanceInputs inputs,
        [Header("Prefer")] string? prefer,
        [Header(DbaasHeaders.IdempotencyKey)] string? idempotencyKey,
        CancellationToken cancellationToken
    );

    /// <summary>Merge patch (RFC 7396) on the inputs.</summary>
    [Patch("/v1/instances/{idOrName}")]
    Task<IApiResponse<string>> PatchInstanceAsync(
        string idOrName,
        [Body] JsonObject patch,
        [Header("Prefer")] string? prefer,
        [Header("If-Match")] string? ifMatch,
        CancellationToken cancellationToken
    );

    [Delete("/v1/instances/{idOrName}")]
    Task<IApiResponse<string>> DeleteInstanceAsync(
        string idOrName,
        [Header("Prefer")] string? prefer,
        CancellationToken cancellationToken
    );

    /// <param name="action">start, stop or restart.</param>
    [Post("/v1/instances/{idOrName}/{action}")]
    Task<IApiResponse<string>> ActAsync(
        string idOrName,
        string action,
        [Header("Prefer")] string? prefer,
        CancellationToken cancellationToken
    );

    /// <summary>Says that a create reached its caller; the last thing a tool does before it reports success. Repeating it is harmless.</summary>
    [Post("/v1/instances/{idOrName}/acknowledge")]
    Task<IApiResponse<string>> AcknowledgeInstanceAsync(
        string idOrName,
        CancellationToken cancellationToken
    );

    [Get("/v1/instances/{idOrName}/credentials")]
    Task<CredentialsView> GetCredentialsAsync(
        string idOrName,
        string? database,
        CancellationToken cancellationToken
    );

    [Post("/v1/instances/{idOrName}/credentials/rotate")]
    Task<IApiResponse<string>> RotateCredentialsAsync(
        string idOrName,
        [Header("Prefer")] string? prefer,
        CancellationToken cancellationToken
    );

    [Post("/v1/plan")]
    Task<PlanResult> PlanAsync([Body] PlanRequest request, CancellationToken cancellationToken);

    [Get("/v1/operations")]
    Task<Page<OperationView>> ListOperationsAsync(
        string? resource,
        string? state,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    /// <param name="wait">Answers when the operation has ended or after so many seconds (at most 60).</param>
    [Get("/v1/operations/{id}")]
    Task<OperationView> GetOperationAsync(
        string id,
        int? wait,
        CancellationToken cancellationToken
    );

    [Post("/v1/operations/{id}/cancel")]
    Task<OperationView> CancelOperationAsync(string id, CancellationToken cancellationToken);

    [Get("/v1/engines")]
    Task<EngineVersionsView> ListEnginesAsync(string? engine, CancellationToken cancellationToken);

    [Get("/v1/prices")]
    Task<PriceBookView> ListPricesAsync(CancellationToken cancellationToken);

    [Put("/v1/prices/{region}")]
    Task<PricesView> SetPricesAsync(
        string region,
        [Body] SetPricesRequest request,
        CancellationToken cancellationToken
    );

    [Get("/v1/regions")]
    Task<RegionsView> ListRegionsAsync(CancellationToken cancellationToken);

    [Get("/v1/keys")]
    Task<Page<KeyView>> ListKeysAsync(
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    [Post("/v1/keys")]
    Task<KeyView> RegisterKeyAsync(
        [Body] RegisterKeyRequest request,
        CancellationToken cancellationToken
    );

    [Get("/v1/api-keys")]
    Task<Page<ApiKeyView>> ListApiKeysAsync(
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    [Post("/v1/api-keys")]
    Task<CreatedApiKeyView> CreateApiKeyAsync(
        [Body] CreateApiKeyRequest request,
        CancellationToken cancellationToken
    );

    [Delete("/v1/api-keys/{id}")]
    Task DeleteApiKeyAsync(string id, CancellationToken cancellationToken);

    [Get("/v1/tenants")]
    Task<Page<TenantView>> ListTenantsAsync(
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    /// <summary>Answers with the tenant and the owner's first key.</summary>
    [Post("/v1/tenants")]
    Task<CreatedTenantView> CreateTenantAsync(
        [Body] CreateTenantRequest request,
        CancellationToken cancellationToken
    );

    [Get("/v1/audit-events")]
    Task<Page<AuditEventView>> ListAuditEventsAsync(
        string? resource,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    );

    [Get("/v1/hosts")]
    Task<Page<HostView>> ListHostsAsync(CancellationToken cancellationToken);

    [Get("/v1/hosts/images")]
    Task<Page<ImageView>> ListImagesAsync(CancellationToken cancellationToken);

    /// <summary>Answers with an operation to watch.</summary>
    [Post("/v1/hosts/images/refresh")]
    Task<OperationView> RefreshImageAsync(
        [Body] RefreshImageRequest request,
        CancellationToken cancellationToken
    );

    [Get("/v1/hosts/inventory")]
    Task<Page<InventoryItemView>> GetInventoryAsync(
        bool? orphans,
        CancellationToken cancellationToken
    );
}
