using System.Text.Json.Serialization;
using Dbaas.Client.Hosts;

namespace Dbaas.Host.Enrolment;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EnrolHostRequest))]
[JsonSerializable(typeof(EnrolHostResponse))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
