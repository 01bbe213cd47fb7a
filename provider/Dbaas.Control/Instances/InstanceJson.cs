using System.Text.Json.Serialization;
using Dbaas.Client.Instances;
using Dbaas.Control.Instances.Lifecycle;

namespace Dbaas.Control.Instances;

/// <summary>Source-generated JSON of what is stored about instances.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InstanceSpec))]
[JsonSerializable(typeof(InstanceInputs))]
[JsonSerializable(typeof(InstanceView))]
[JsonSerializable(typeof(InstanceState))]
[JsonSerializable(typeof(IReadOnlyList<PendingChange>))]
internal sealed partial class InstanceJson : JsonSerializerContext;
