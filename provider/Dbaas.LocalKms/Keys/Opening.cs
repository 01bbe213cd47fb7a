using Dbaas.LocalKms.Operations;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Keys;

/// <summary>The one way from a ciphertext to its plaintext, for Decrypt and ReEncrypt alike.</summary>
internal sealed class Opening(KeyStore keys, KeyGate gate, KeyCipher cipher)
{
    /// <param name="ciphertext">What Encrypt or a data key operation answered.</param>
    /// <param name="keyId">Key the caller expects, or null: the ciphertext says it.</param>
    /// <returns>The plaintext, for the caller to dispose.</returns>
    public Outcome<OpenedText> Open(
        Caller caller,
        byte[]? ciphertext,
        string? keyId,
        AccessRequest access,
        bool dryRun = false
    ) =>
        SealedBy(ciphertext, keyId)
            .Then(key => gate.Use(caller, key.KeyId, access, dryRun))
            .Then(key =>
                cipher
                    .Open(key, ciphertext, access.Context)
                    .Then<OpenedText>(plaintext => new OpenedText(key, plaintext))
            );

    private Outcome<KeyRecord> SealedBy(byte[]? ciphertext, string? keyId)
    {
        if (
            RequestRules.Length(
                "ciphertextBlob",
                ciphertext?.Length,
                1,
                RequestRules.MaximumCiphertextBytes
            ) is
            { } invalid
        )
        {
            return invalid;
        }

        // An unknown key in the blob is a blob that is not ours: nothing tells it from an altered one.
        if (
            !CiphertextBlob.TryParse(ciphertext, out var blob)
            || keys.Find(blob.KeyId, byAlias: false).Refused(out _, out var sealedBy)
        )
        {
            return KmsRefusal.InvalidCiphertext();
        }

        return keyId is null
            ? sealedBy
            : keys.Find(keyId, byAlias: true)
                .Then<KeyRecord>(expected =>
                    expected.KeyId == sealedBy.KeyId
                        ? sealedBy
                        : new KmsRefusal(
                            "IncorrectKeyException",
                            "The key ID in the request does not identify a CMK that can perform this operation."
                        )
                );
    }
}
