using System.Text.Json.Serialization;

namespace Dbaas.Protocol.Agent;

/// <summary>Source-generated JSON for everything that passes between host and agent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never
)]
[JsonSerializable(typeof(MemberSpec))]
[JsonSerializable(typeof(AgentHealth))]
[JsonSerializable(typeof(ApplyResult))]
[JsonSerializable(typeof(EngineLog))]
[JsonSerializable(typeof(EngineMetrics))]
[JsonSerializable(typeof(EmptyRequest))]
public sealed partial class AgentJson : JsonSerializerContext;
