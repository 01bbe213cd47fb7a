using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Keys;

/// <summary>The one way from a request to a key: known, allowed, usable, in that order.</summary>
internal sealed class KeyGate(KeyStore keys, Access access)
{
    /// <summary>For operations that use the key's material.</summary>
    public Outcome<KeyRecord> Use(
        Caller caller,
        string? keyId,
        AccessRequest request,
        bool dryRun = false
    )
    {
        if (request.Context.Length > EncryptionContext.MaximumLength)
        {
            return KmsRefusal.Validation(
                $"The encryption context must not be longer than {EncryptionContext.MaximumLength} characters."
            );
        }

        if (keys.Find(keyId, byAlias: true).Refused(out var unknown, out var key))
        {
            return unknown;
        }

        if (access.Refuse(caller, request with { Key = key }) is { } denied)
        {
            return denied;
        }

        return key.State switch
        {
            KeyState.Disabled => KmsRefusal.Disabled(key.Arn),
            KeyState.PendingDeletion => KmsRefusal.PendingDeletion(key.Arn),
            _ when dryRun => KmsRefusal.DryRun(),
            _ => key,
        };
    }

    /// <summary>For operations on the key itself; whether its state fits is theirs to say.</summary>
    public Outcome<KeyRecord> Administer(
        Caller caller,
        string? keyId,
        AccessRequest request,
        bool byAlias = false
    )
    {
        if (keys.Find(keyId, byAlias).Refused(out var unknown, out var key))
        {
            return unknown;
        }

        return access.Refuse(caller, request with { Key = key }) is { } denied ? denied : key;
    }
}
