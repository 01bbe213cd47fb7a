using System.Text.Json.Nodes;

namespace Dbaas.Control.Http.Idempotency;

/// <summary>What is known of the first use of a key.</summary>
/// <param name="Status">Null while the first request is still being answered.</param>
/// <param name="SealedBody">The answer's body under a key only its receiver has.</param>
internal sealed record IdempotencyRecord(
    byte[] RequestHash,
    int? Status,
    JsonObject Headers,
    byte[] SealedBody
);
