using Dbaas.LocalKms.Operations;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Keys;

/// <summary>Finds the key a ciphertext was made with.</summary>
internal sealed class SealedKeys(KeyStore keys)
{
    /// <param name="member">Name of the ciphertext's member, for the refusal.</param>
    /// <param name="keyId">Key the caller expects, or null: the ciphertext says it.</param>
    public Outcome<KeyRecord> Of(string member, byte[]? ciphertext, string? keyId)
    {
        if (
            RequestRules.Length(
                member,
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

        if (keyId is null)
        {
            return sealedBy;
        }

        if (keys.Find(keyId, byAlias: true).Refused(out var unknown, out var expected))
        {
            return unknown;
        }

        return expected.KeyId == sealedBy.KeyId
            ? sealedBy
            : new KmsRefusal(
                "IncorrectKeyException",
                "The key ID in the request does not identify a CMK that can perform this operation."
            );
    }
}
