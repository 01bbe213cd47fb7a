using System.Text.Json.Serialization;

namespace Dbaas.Control.Operations;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OperationEventView))]
internal sealed partial class OperationJson : JsonSerializerContext;
