using System.Security.Cryptography;
using Dbaas.LocalKms.Protocol;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Keys;

/// <summary>
/// Encrypts under a customer key. Every message has a key and nonce of its own, derived (HKDF-SHA256) from the backing key and the blob's
/// random nonce, so that no number of messages brings AES-GCM near its limit of 2^32 for random nonces (NIST SP 800-38D, 8.3).
/// </summary>
internal sealed class KeyCipher(MasterKey masterKey)
{
    private const int KeyBytes = 32;
    private const int GcmNonceBytes = 12;

    /// <summary>Material for a new key.</summary>
    public BackingKey NewBackingKey(string keyId, DateTimeOffset now)
    {
        var id = Guid.NewGuid();
        using var material = SecretBytes.Random(KeyBytes);
        return new BackingKey(id, now, masterKey.Wrap(material.Span, Purpose(keyId, id)));
    }

    public byte[] Seal(KeyRecord key, ReadOnlySpan<byte> plaintext, EncryptionContext context)
    {
        var backing = key.BackingKeys[^1];
        var bytes = CiphertextBlob.Allocate(key.KeyId, backing.Id, plaintext.Length);
        _ = CiphertextBlob.TryParse(bytes, out var blob);
        using var derived = Derive(key.KeyId, backing, blob);
        using var cipher = new AesGcm(derived.Span[..KeyBytes], CiphertextBlob.TagBytes);
        cipher.Encrypt(
            derived.Span[KeyBytes..],
            plaintext,
            bytes.AsSpan(CiphertextBlob.HeaderBytes, plaintext.Length),
            bytes.AsSpan(CiphertextBlob.HeaderBytes + plaintext.Length),
            Bound(blob, context)
        );
        return bytes;
    }

    /// <summary>The plaintext, for the caller to dispose; InvalidCiphertextException for whatever does not fit.</summary>
    public Outcome<SecretBytes> Open(
        KeyRecord key,
        ReadOnlySpan<byte> ciphertext,
        EncryptionContext context
    )
    {
        if (
            !CiphertextBlob.TryParse(ciphertext, out var blob)
            || blob.KeyId != key.KeyId
            || Find(key, blob.BackingKeyId) is not { } backing
        )
        {
            return KmsRefusal.InvalidCiphertext();
        }

        var plaintext = new SecretBytes(blob.Ciphertext.Length);
        try
        {
            using var derived = Derive(key.KeyId, backing, blob);
            using var cipher = new AesGcm(derived.Span[..KeyBytes], CiphertextBlob.TagBytes);
            cipher.Decrypt(
                derived.Span[KeyBytes..],
                blob.Ciphertext,
                blob.Tag,
                plaintext.Span,
                Bound(blob, context)
            );
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            plaintext.Dispose();
            return KmsRefusal.InvalidCiphertext();
        }
    }

    /// <summary>The same key with its material under the current master key.</summary>
    public KeyRecord Rewrapped(KeyRecord key) =>
        key with
        {
            BackingKeys =
            [
                .. key.BackingKeys.Select(backing =>
                    backing with
                    {
                        Wrapped = masterKey.Rewrap(backing.Wrapped, Purpose(key.KeyId, backing.Id)),
                    }
                ),
            ],
        };

    private SecretBytes Derive(string keyId, BackingKey backing, CiphertextBlob blob)
    {
        using var material = masterKey.Unwrap(backing.Wrapped, Purpose(keyId, backing.Id));
        var derived = new SecretBytes(KeyBytes + GcmNonceBytes);
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            material.Span,
            derived.Span,
            blob.Nonce,
            "dbaas kms message v1"u8
        );
        return derived;
    }

    private static BackingKey? Find(KeyRecord key, Guid id) =>
        key.BackingKeys.FirstOrDefault(backing => backing.Id == id);

    private static byte[] Purpose(string keyId, Guid backingKeyId) =>
        [
            .. "backing key"u8,
            .. Guid.Parse(keyId).ToByteArray(bigEndian: true),
            .. backingKeyId.ToByteArray(bigEndian: true),
        ];

    private static byte[] Bound(CiphertextBlob blob, EncryptionContext context) =>
        [.. blob.Header, .. context.Canonical()];
}
