namespace Dbaas.LocalKms.Operations;

/// <summary>Request of the operations that list something of one key.</summary>
internal sealed record KeyPageRequest(string? KeyId, int? Limit, string? Marker);
