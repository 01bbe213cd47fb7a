using System.Text.Json.Serialization;

namespace Dbaas.LocalKms.Protocol;

/// <summary>An error of AWS JSON 1.1.</summary>
internal sealed record ErrorBody(
    [property: JsonPropertyName("__type")] string Type,
    [property: JsonPropertyName("message")] string Message
);
