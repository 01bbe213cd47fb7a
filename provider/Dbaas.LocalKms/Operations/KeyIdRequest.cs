namespace Dbaas.LocalKms.Operations;

/// <summary>Request of the operations that take a key and nothing else.</summary>
internal sealed record KeyIdRequest(string? KeyId);
