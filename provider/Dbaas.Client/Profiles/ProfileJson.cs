using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.Client.Profiles;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Profile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
