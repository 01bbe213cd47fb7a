namespace Dbaas.Host.Facts;

/// <summary>Measured once, when the host enrols.</summary>
/// <param name="EncryptedBytesPerSecond">Sequential writes through fscrypt, flushed to disk.</param>
/// <param name="PlainBytesPerSecond">The same without encryption.</param>
internal sealed record WriteSpeedRecord(long EncryptedBytesPerSecond, long PlainBytesPerSecond);
