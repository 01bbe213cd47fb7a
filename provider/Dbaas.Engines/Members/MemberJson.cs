using System.Text.Json.Serialization;

namespace Dbaas.Engines.Members;

/// <summary>Source-generated JSON of the member's own files.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class MemberJson : JsonSerializerContext;
