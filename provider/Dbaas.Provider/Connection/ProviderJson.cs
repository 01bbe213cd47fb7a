using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dbaas.Client.Operations;
using Dbaas.Client.Planning;

namespace Dbaas.Provider.Connection;

/// <summary>JSON of the contracts this program reads and writes itself; resources stay trees.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict
)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(PlanRequest))]
[JsonSerializable(typeof(PlanResult))]
[JsonSerializable(typeof(OperationView))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProviderJson : JsonSerializerContext;
