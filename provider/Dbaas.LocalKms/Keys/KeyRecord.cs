namespace Dbaas.LocalKms.Keys;

/// <summary>A customer key as it lies on disk. Its material is wrapped by the master key.</summary>
internal sealed record KeyRecord
{
    /// <summary>A UUID in lower case.</summary>
    public required string KeyId { get; init; }
    public required string Arn { get; init; }
    public required string Description { get; init; }
    public required KeyState State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set while the deletion is pending: the material is destroyed at this time.</summary>
    public DateTimeOffset? DeletionDate { get; init; }
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>JSON; null is the default policy, which leaves everything to rights and grants.</summary>
    public string? Policy { get; init; }

    /// <summary>Null while automatic rotation is off.</summary>
    public AutomaticRotation? Rotation { get; init; }

    /// <summary>Newest last. The last one encrypts, all of them decrypt.</summary>
    public required IReadOnlyList<BackingKey> BackingKeys { get; init; }
}
