namespace Dbaas.Control.Http.RateLimits;

/// <summary>What a bucket said. As a feature of a request: it has been counted already.</summary>
/// <param name="Allowed">Whether there was a token.</param>
/// <param name="Limit">Size of the bucket.</param>
/// <param name="Remaining">Tokens left.</param>
/// <param name="Reset">Until there is a token again (none left), or the bucket is full.</param>
internal sealed record RateLimitTaken(bool Allowed, int Limit, int Remaining, TimeSpan Reset);
