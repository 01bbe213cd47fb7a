using System.Text.Json.Serialization;

namespace Dbaas.LocalKms.Keys;

/// <summary>Why a key got new material.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RotationKind>))]
internal enum RotationKind
{
    [JsonStringEnumMemberName("AUTOMATIC")]
    Automatic,

    [JsonStringEnumMemberName("ON_DEMAND")]
    OnDemand,
}
