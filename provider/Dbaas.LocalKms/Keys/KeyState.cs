using System.Text.Json.Serialization;

namespace Dbaas.LocalKms.Keys;

/// <summary>States a key of AWS KMS can be in, as far as this service makes them; the names are the API's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyState>))]
internal enum KeyState
{
    Enabled,
    Disabled,
    PendingDeletion,
}
