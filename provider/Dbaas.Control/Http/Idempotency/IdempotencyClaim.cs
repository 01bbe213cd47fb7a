using Dbaas.Control.Identity;

namespace Dbaas.Control.Http.Idempotency;

/// <summary>Who answers the first request with a key. One that was overtaken neither keeps an answer nor frees the key.</summary>
/// <param name="Caller">Whose key it is.</param>
/// <param name="Key">As in the header.</param>
/// <param name="At">When it was claimed, to the microsecond: what tells two claims of one key apart.</param>
internal sealed record IdempotencyClaim(Caller Caller, string Key, DateTimeOffset At);
