using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Control.Keys;

/// <summary>
/// AES-256-GCM with the secret's place as associated data: a row moved to another owner or name cannot be opened. Nonces are random; a
/// data key seals a few dozen secrets, far from where random nonces become a risk.
/// </summary>
internal static class SecretSeal
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, string place, string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        try
        {
            var result = new byte[NonceLength + TagLength + plain.Length];
            RandomNumberGenerator.Fill(result.AsSpan(0, NonceLength));
            using var aes = new AesGcm(key, TagLength);
            aes.Encrypt(
                result.AsSpan(0, NonceLength),
                plain,
                result.AsSpan(NonceLength + TagLength),
                result.AsSpan(NonceLength, TagLength),
                Encoding.UTF8.GetBytes(place)
            );
            return result;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <exception cref="CryptographicException">Altered, moved, or sealed under another key.</exception>
    public static string Open(ReadOnlySpan<byte> key, string place, ReadOnlySpan<byte> value)
    {
        var plain = new byte[value.Length - NonceLength - TagLength];
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(
                value[..NonceLength],
                value[(NonceLength + TagLength)..],
                value.Slice(NonceLength, TagLength),
                plain,
                Encoding.UTF8.GetBytes(place)
            );
            return Encoding.UTF8.GetString(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
