namespace Dbaas.LocalKms.Keys;

/// <summary>A name for a key.</summary>
/// <param name="Name">alias/….</param>
internal sealed record AliasRecord(string Name, string KeyId, DateTimeOffset CreatedAt)
{
    /// <summary>When it was given another key; null when it never was.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}
