using System.Text.Json.Serialization;

namespace Dbaas.Control.Machines.Simulated;

[JsonSerializable(typeof(SimulatedState))]
internal sealed partial class SimulatedJson : JsonSerializerContext;
