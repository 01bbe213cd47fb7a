namespace Dbaas.LocalKms.Keys;

/// <summary>Gives a key new material. The old stays: it decrypts what it encrypted.</summary>
internal sealed class MaterialRotation(KeyCipher cipher, TimeProvider time)
{
    public KeyRecord Rotated(KeyRecord key, RotationKind kind)
    {
        var now = time.GetUtcNow();
        var material = cipher.NewBackingKey(key.KeyId, now) with { Rotation = kind };
        return key with
        {
            BackingKeys = [.. key.BackingKeys, material],
            Rotation =
                kind is RotationKind.Automatic ? key.Rotation! with { Since = now } : key.Rotation,
        };
    }
}
