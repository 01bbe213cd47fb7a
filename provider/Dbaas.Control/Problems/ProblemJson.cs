using System.Text.Json;
using System.Text.Json.Serialization;
using Dbaas.Client.Operations;

namespace Dbaas.Control.Problems;

/// <summary>Problem bodies, for answers and for the operation rows that store them.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
