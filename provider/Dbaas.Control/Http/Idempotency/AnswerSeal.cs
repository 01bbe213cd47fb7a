using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Control.Http.Idempotency;

/// <summary>
/// Seals a kept answer (AES-256-GCM) under a key derived from the caller's own API key. An answer may hold a secret that is shown only
/// once, and the table must not: whoever repeats the request brings the key that opens it.
/// </summary>
internal static class AnswerSeal
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] Seal(string authorization, string key, ReadOnlySpan<byte> body)
    {
        var result = new byte[NonceLength + TagLength + body.Length];
        var nonce = result.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Derive(authorization, key), TagLength);
        aes.Encrypt(
            nonce,
            body,
            result.AsSpan(NonceLength + TagLength),
            result.AsSpan(NonceLength, TagLength)
        );
        return result;
    }

    /// <exception cref="CryptographicException">Sealed by another API key.</exception>
    public static byte[] Open(string authorization, string key, ReadOnlySpan<byte> sealedBody)
    {
        var body = new byte[sealedBody.Length - NonceLength - TagLength];
        using var aes = new AesGcm(Derive(authorization, key), TagLength);
        aes.Decrypt(
            sealedBody[..NonceLength],
            sealedBody[(NonceLength + TagLength)..],
            sealedBody.Slice(NonceLength, TagLength),
            body
        );
        return body;
    }

    private static byte[] Derive(string authorization, string key) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            Encoding.UTF8.GetBytes(authorization),
            32,
            salt: Encoding.UTF8.GetBytes(key),
            info: "dbaas idempotency"u8.ToArray()
        );
}
