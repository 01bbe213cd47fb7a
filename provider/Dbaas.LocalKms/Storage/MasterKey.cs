using System.Security.Cryptography;

namespace Dbaas.LocalKms.Storage;

/// <summary>
/// The key that wraps all key material on disk, read once from a file only this service can read. What wraps is derived from it
/// (HKDF-SHA256, RFC 5869; AES-256-GCM). While it is being replaced there are two: the next one wraps, both unwrap.
/// </summary>
internal sealed class MasterKey : IDisposable
{
    public const int LengthBytes = 32;
    private const string NextSuffix = ".next";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly string path;
    private readonly SecretBytes token = new(LengthBytes);
    private readonly Lock changing = new();
    private volatile SecretBytes current;
    private volatile SecretBytes? previous;

    private MasterKey(string path)
    {
        this.path = path;
        using (var master = ReadFile(path))
        {
            current = Derive(master.Span);
            HKDF.Expand(HashAlgorithmName.SHA256, master.Span, token.Span, "dbaas kms token v1"u8);
        }

        if (IsBeingReplaced)
        {
            Begin();
        }
    }

    /// <summary>Key of grant tokens where none was stored yet; it is stored before the master key is replaced for the first time.</summary>
    public ReadOnlySpan<byte> FirstTokenKey => token.Span;

    /// <summary>A replacement was begun, by this process or by one that ended in the middle.</summary>
    public bool IsBeingReplaced => File.Exists(NextPath);

    private string NextPath => path + NextSuffix;

    /// <exception cref="InvalidDataException">Wrong length, or others may read the file.</exception>
    public static MasterKey Read(string path) => new(path);

    /// <summary>Wraps with the next master key from now on, which is made unless it is there. Repeatable.</summary>
    public void Begin()
    {
        lock (changing)
        {
            if (previous is not null && IsBeingReplaced)
            {
                return;
            }

            previous?.Dispose();
            if (!IsBeingReplaced)
            {
                using var made = SecretBytes.Random(LengthBytes);
                DurableFile.Write(NextPath, made.Span);
            }

            using var next = ReadFile(NextPath);
            previous = current;
            current = Derive(next.Span);
        }
    }

    /// <summary>Makes the next master key the only one on disk. Nothing may be wrapped with the old one any more.</summary>
    public void Commit() => DurableFile.Replace(NextPath, path);

    /// <summary>Zeroes the old one. Requests that began before <see cref="Commit"/> must have ended.</summary>
    public void Forget()
    {
        lock (changing)
        {
            previous?.Dispose();
            previous = null;
        }
    }

    private static SecretBytes ReadFile(string path)
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
        if (file.Length != LengthBytes)
        {
            throw new InvalidDataException($"{path} must hold exactly {LengthBytes} bytes.");
        }

        var master = new SecretBytes(LengthBytes);
        file.ReadExactly(master.Span);
        return master;
    }

    private static SecretBytes Derive(ReadOnlySpan<byte> master)
    {
        var wrapping = new SecretBytes(LengthBytes);
        HKDF.Expand(HashAlgorithmName.SHA256, master, wrapping.Span, "dbaas kms wrap v1"u8);
        return wrapping;
    }

    /// <summary>nonce ‖ ciphertext ‖ tag, bound to <paramref name="purpose"/> so that a wrapped key cannot take another's place.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> purpose)
    {
        var wrapped = new byte[NonceBytes + plaintext.Length + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(current.Span, TagBytes);
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
        // Taken first: a replacement that begins now moves it there.
        var older = previous;
        try
        {
            return Unwrap(current, wrapped, purpose);
        }
        catch (AuthenticationTagMismatchException) when ((older ?? previous) is { } old)
        {
            return Unwrap(old, wrapped, purpose);
        }
    }

    /// <summary>The same material under the current master key.</summary>
    public byte[] Rewrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> purpose)
    {
        using var plaintext = Unwrap(wrapped, purpose);
        return Wrap(plaintext.Span, purpose);
    }

    public void Dispose()
    {
        current.Dispose();
        previous?.Dispose();
        token.Dispose();
    }

    private static SecretBytes Unwrap(
        SecretBytes key,
        ReadOnlySpan<byte> wrapped,
        ReadOnlySpan<byte> purpose
    )
    {
        var plaintext = new SecretBytes(wrapped.Length - NonceBytes - TagBytes);
        try
        {
            using var cipher = new AesGcm(key.Span, TagBytes);
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
}
