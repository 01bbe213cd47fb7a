namespace Dbaas.Client.Tenancy;

public sealed record TenantView(string Id, string Name, QuotaView Quota, DateTimeOffset CreatedAt);

/// <summary>Ceilings for all instances of a tenant together.</summary>
public sealed record QuotaView(int Instances, double Cpu, double MemoryGib, int StorageGib);

public sealed record CreateTenantRequest
{
    public string? Name { get; init; }
    public QuotaView? Quota { get; init; }
}

/// <summary>An API key without its secret.</summary>
public sealed record ApiKeyView
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>First characters, for look-up.</summary>
    public required string Prefix { get; init; }

    /// <summary>owner, operator, viewer, auditor, or a role of the administrator's own.</summary>
    public required string Role { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
}

public sealed record CreateApiKeyRequest
{
    public string? Name { get; init; }
    public string? Role { get; init; }

    /// <summary>1 to 3650; absent: never expires.</summary>
    public int? ExpiresInDays { get; init; }
}

/// <summary>The only answer that ever holds the secret.</summary>
public sealed record CreatedApiKeyView(ApiKeyView Key, string Secret)
{
    public override string ToString() => Key.Prefix;
}

/// <summary>A new tenant and its owner's first API key; the secret is shown only here.</summary>
public sealed record CreatedTenantView(TenantView Tenant, CreatedApiKeyView OwnerKey)
{
    public override string ToString() => Tenant.Id;
}
