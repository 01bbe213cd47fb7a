namespace Dbaas.Client.Keys;

/// <summary>A customer key as registered with a tenant. The key itself stays in its key service.</summary>
public sealed record KeyView
{
    public required string Id { get; init; }
    public required string Alias { get; init; }
    public required string Arn { get; init; }

    /// <summary>URL of the key service (AWS KMS protocol).</summary>
    public required string Endpoint { get; init; }
    public required string Region { get; init; }
    public required bool IsDefault { get; init; }

    /// <summary>enabled, disabled, pending_deletion, denied, missing, unreachable.</summary>
    public required string State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Registers a key. Endpoint and region default to those of the platform region the key is used in.</summary>
public sealed record RegisterKeyRequest
{
    public string? Alias { get; init; }

    /// <summary>Null: a new key is made in the region's own key service.</summary>
    public string? Arn { get; init; }
    public string? Endpoint { get; init; }
    public string? Region { get; init; }
    public bool? IsDefault { get; init; }
}
