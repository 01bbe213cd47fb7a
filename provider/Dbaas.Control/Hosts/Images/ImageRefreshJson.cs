using System.Text.Json.Serialization;

namespace Dbaas.Control.Hosts.Images;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImageRefresh))]
internal sealed partial class ImageRefreshJson : JsonSerializerContext;
