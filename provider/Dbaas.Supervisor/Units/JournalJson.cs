using System.Text.Json.Serialization;

namespace Dbaas.Supervisor.Units;

[JsonSerializable(typeof(string))]
internal sealed partial class JournalJson : JsonSerializerContext;
