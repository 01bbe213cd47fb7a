using System.Security.Cryptography;

namespace Dbaas.LocalKms.Keys;

/// <summary>
/// What Encrypt answers: version (1 byte) ‖ key id (16) ‖ backing key id (16) ‖ nonce (16) ‖ ciphertext ‖ tag (16). Ids are big-endian UUIDs.
/// Everything before the ciphertext is authenticated with it.
/// </summary>
internal readonly ref struct CiphertextBlob
{
    public const int HeaderBytes = 1 + 16 + 16 + NonceBytes;
    public const int NonceBytes = 16;
    public const int TagBytes = 16;
    private const byte Version = 1;

    private CiphertextBlob(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    public ReadOnlySpan<byte> Bytes { get; }

    public string KeyId => new Guid(Bytes.Slice(1, 16), bigEndian: true).ToString();

    public Guid BackingKeyId => new(Bytes.Slice(17, 16), bigEndian: true);

    public ReadOnlySpan<byte> Header => Bytes[..HeaderBytes];

    public ReadOnlySpan<byte> Nonce => Bytes.Slice(33, NonceBytes);

    public ReadOnlySpan<byte> Ciphertext => Bytes[HeaderBytes..^TagBytes];

    public ReadOnlySpan<byte> Tag => Bytes[^TagBytes..];

    public static bool TryParse(ReadOnlySpan<byte> bytes, out CiphertextBlob blob)
    {
        blob = new CiphertextBlob(bytes);
        return bytes.Length > HeaderBytes + TagBytes && bytes[0] == Version;
    }

    /// <summary>A blob with its header filled in, room for the rest.</summary>
    public static byte[] Allocate(string keyId, Guid backingKeyId, int plaintextBytes)
    {
        var bytes = new byte[HeaderBytes + plaintextBytes + TagBytes];
        bytes[0] = Version;
        _ = Guid.Parse(keyId).TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        _ = backingKeyId.TryWriteBytes(bytes.AsSpan(17), bigEndian: true, out _);
        RandomNumberGenerator.Fill(bytes.AsSpan(33, NonceBytes));
        return bytes;
    }
}
