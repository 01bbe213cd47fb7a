namespace Dbaas.LocalKms.Keys;

/// <summary>One generation of a key's material.</summary>
/// <param name="Id">A UUID; ciphertexts name it.</param>
/// <param name="Wrapped">256 bits under the master key, bound to this id and its key's.</param>
internal sealed record BackingKey(Guid Id, DateTimeOffset CreatedAt, byte[] Wrapped)
{
    /// <summary>Null for the material the key was made with.</summary>
    public RotationKind? Rotation { get; init; }

    /// <summary>Never prints the material, wrapped or not.</summary>
    public override string ToString() => Id.ToString();
}
