using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dbaas.Cli.Apply;
using Dbaas.Cli.Shell;
using Dbaas.Client.Audit;
using Dbaas.Client.Catalogue;
using Dbaas.Client.Hosts;
using Dbaas.Client.Instances;
using Dbaas.Client.Keys;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Dbaas.Client.Tenancy;
using Dbaas.Client.Usage;

namespace Dbaas.Cli.Output;

/// <summary>How each of the API's bodies is read and written: known when the program is compiled, because a native one cannot find it out.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(InstanceInputs))]
[JsonSerializable(typeof(Page<InstanceView>))]
[JsonSerializable(typeof(CredentialsView))]
[JsonSerializable(typeof(PlanRequest))]
[JsonSerializable(typeof(PlanResult))]
[JsonSerializable(typeof(IReadOnlyList<NamedPlan>))]
[JsonSerializable(typeof(Page<OperationView>))]
[JsonSerializable(typeof(EngineVersionsView))]
[JsonSerializable(typeof(PriceBookView))]
[JsonSerializable(typeof(PricesView))]
[JsonSerializable(typeof(SetPricesRequest))]
[JsonSerializable(typeof(RegionsView))]
[JsonSerializable(typeof(PlatformStatus))]
[JsonSerializable(typeof(Page<KeyView>))]
[JsonSerializable(typeof(RegisterKeyRequest))]
[JsonSerializable(typeof(Page<ApiKeyView>))]
[JsonSerializable(typeof(CreateApiKeyRequest))]
[JsonSerializable(typeof(CreatedApiKeyView))]
[JsonSerializable(typeof(Page<TenantView>))]
[JsonSerializable(typeof(CreateTenantRequest))]
[JsonSerializable(typeof(CreatedTenantView))]
[JsonSerializable(typeof(Page<AuditEventView>))]
[JsonSerializable(typeof(Page<HostView>))]
[JsonSerializable(typeof(Page<ImageView>))]
[JsonSerializable(typeof(RefreshImageRequest))]
[JsonSerializable(typeof(Page<InventoryItemView>))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class CliJson : JsonSerializerContext;
