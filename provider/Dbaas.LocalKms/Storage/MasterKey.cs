using System.Security.Cryptography;

namespace Dbaas.LocalKms.Storage;

/// <summary>
/// The key that wraps all key material on disk, read once from a file only this service can read. Two keys are derived from it
/// (HKDF-SHA256, RFC 5869): one wraps (AES-256-GCM), one signs grant tokens.
/// </summary>
internal sealed class MasterKey : IDisposable
{
    public const int LengthBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly SecretBytes wrapping = new(LengthBytes);
    private readonly SecretBytes signing = new(LengthBytes);

    private MasterKey(ReadOnlySpan<byte> master)
    {
        HKDF.Expand(HashAlgorithmName.SHA256, master, wrapping.Span, "dbaas kms wrap v1"u8);
        HKDF.Expand(HashAlgorithmName.SHA256, master, signing.Span, "dbaas kms token v1"u8);
    }

    /// <exception cref="InvalidDataException">Wrong length, or others may read the file.</exception>
    public static MasterKey Read(string path)
    {
        const UnixFileMode others =
            UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & others) != 0)
        {
            throw new InvalidDataException(
                $"{path} can be read by others; set its mode to 0600 and consider its keys known."
            );
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        using var master = new SecretBytes(LengthBytes);
        if (file.Length != LengthBytes)
        {
            throw new InvalidDataException($"{path} must hold exactly {LengthBytes} bytes.");
        }

        file.ReadExactly(master.Span);
        return new MasterKey(master.Span);
    }

    /// <summary>nonce ‖ ciphertext ‖ tag, bound to <paramref name="purpose"/> so that a wrapped key cannot take another's place.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> purpose)
    {
        var wrapped = new byte[NonceBytes + plaintext.Length + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(wrapping.Span, TagBytes);
        cipher.Encrypt(
            wrapped.AsSpan(0, NonceBytes),
            plaintext,
            wrapped.AsSpan(NonceBytes, plaintext.Length),
            wrapped.AsSpan(NonceBytes + plaintext.Length),
            purpose
        );
        return wrapped;
    }

    /// <exception cref="CryptographicException">Wrapped with another master key, for another purpose, or damaged.</exception>
    public SecretBytes Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> purpose)
    {
        var plaintext = new SecretBytes(wrapped.Length - NonceBytes - TagBytes);
        try
        {
            using var cipher = new AesGcm(wrapping.Span, TagBytes);
            cipher.Decrypt(
                wrapped[..NonceBytes],
                wrapped[NonceBytes..^TagBytes],
                wrapped[^TagBytes..],
                plaintext.Span,
                purpose
            );
            return plaintext;
        }
        catch
        {
            plaintext.Dispose();
            throw;
        }
    }

    /// <summary>HMAC-SHA256 for tokens that this service alone can make.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content) => HMACSHA256.HashData(signing.Span, content);

    public void Dispose()
    {
        wrapping.Dispose();
        signing.Dispose();
    }
}
