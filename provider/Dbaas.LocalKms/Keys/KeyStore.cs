using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Protocol;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Keys;

/// <summary>Keys and their aliases.</summary>
internal sealed class KeyStore(KmsSettings settings, TimeProvider time) : IDisposable
{
    private const string AliasPrefix = "alias/";

    private readonly RecordFolder<KeyRecord> keys = new(
        Path.Combine(settings.DataFolder, "keys"),
        KmsJson.Default.KeyRecord,
        key => key.KeyId
    );

    private readonly RecordFolder<AliasRecord> aliases = new(
        Path.Combine(settings.DataFolder, "aliases"),
        KmsJson.Default.AliasRecord,
        alias => alias.Name
    );

    public IEnumerable<KeyRecord> Keys => keys.All.Where(key => !Expired(key));

    public IEnumerable<AliasRecord> Aliases => aliases.All;

    public string ArnOf(string resource) =>
        $"arn:aws:kms:{settings.Region}:{settings.AccountId}:{resource}";

    /// <summary>Finds a key by id, key ARN and, where <paramref name="byAlias"/>, alias name or alias ARN.</summary>
    public Outcome<KeyRecord> Find(string? keyId, bool byAlias)
    {
        if (string.IsNullOrEmpty(keyId) || keyId.Length > 2048)
        {
            return KmsRefusal.Validation(
                "1 validation error detected: Value at 'keyId' failed to satisfy constraint: Member must have length between 1 and 2048"
            );
        }

        var arnPrefix = ArnOf("");
        var name = keyId.StartsWith(arnPrefix, StringComparison.Ordinal)
            ? keyId[arnPrefix.Length..].Replace("key/", "", StringComparison.Ordinal)
            : keyId;
        if (name.StartsWith("arn:", StringComparison.Ordinal))
        {
            return KmsRefusal.NotFound($"Key '{keyId}' does not exist in {arnPrefix}");
        }

        if (name.StartsWith(AliasPrefix, StringComparison.Ordinal))
        {
            if (!byAlias)
            {
                return KmsRefusal.Validation(
                    $"{keyId} is an alias; this operation takes a key id or a key ARN."
                );
            }

            if (aliases.Find(name) is not { } alias)
            {
                return KmsRefusal.NotFound($"Alias {ArnOf(name)} is not found.");
            }

            name = alias.KeyId;
        }

        return keys.Find(name) is { } key && !Expired(key)
            ? key
            : KmsRefusal.NotFound($"Key '{ArnOf("key/" + name)}' does not exist");
    }

    /// <param name="make">Runs while nothing else is written: material is never wrapped by a master key that is on its way out.</param>
    public Task<Outcome<KeyRecord>> AddAsync(
        string keyId,
        Func<KeyRecord> make,
        CancellationToken cancellationToken
    ) => keys.ChangeAsync(keyId, _ => make(), cancellationToken);

    /// <summary>Changes all keys, those pending deletion too, while nothing else is written.</summary>
    public Task ChangeAllAsync(
        Func<KeyRecord, KeyRecord> change,
        CancellationToken cancellationToken
    ) => keys.ChangeAllAsync(change, cancellationToken);

    /// <summary>Decides on the key as it is now, so that two changes at once cannot undo each other.</summary>
    public Task<Outcome<KeyRecord>> ChangeAsync(
        string keyId,
        Func<KeyRecord, Outcome<KeyRecord>> decide,
        CancellationToken cancellationToken
    ) =>
        keys.ChangeAsync(
            keyId,
            current =>
                current is null || Expired(current)
                    ? KmsRefusal.NotFound($"Key '{ArnOf("key/" + keyId)}' does not exist")
                    : decide(current),
            cancellationToken
        );

    public Task<Outcome<AliasRecord>> AddAliasAsync(
        AliasRecord alias,
        CancellationToken cancellationToken
    ) =>
        aliases.ChangeAsync(
            alias.Name,
            current =>
                current is null
                    ? alias
                    : new KmsRefusal(
                        "AlreadyExistsException",
                        $"An alias with the name {ArnOf(alias.Name)} already exists"
                    ),
            cancellationToken
        );

    public Task<Outcome<AliasRecord>> ChangeAliasAsync(
        string name,
        Func<AliasRecord, AliasRecord> change,
        CancellationToken cancellationToken
    ) =>
        aliases.ChangeAsync(
            name,
            current =>
                current is null
                    ? KmsRefusal.NotFound($"Alias {ArnOf(name)} is not found.")
                    : change(current),
            cancellationToken
        );

    /// <returns>False when there is none of that name.</returns>
    public Task<bool> RemoveAliasAsync(string name, CancellationToken cancellationToken) =>
        aliases.RemoveAsync(name, _ => true, cancellationToken);

    /// <summary>Keys whose waiting time is over. They answer as unknown from that moment, whether they are erased yet or not.</summary>
    public IReadOnlyList<KeyRecord> Due() => [.. keys.All.Where(Expired)];

    /// <summary>Destroys the material: the only copy of the wrapped key and, with it, every ciphertext.</summary>
    public async Task EraseAsync(KeyRecord key, CancellationToken cancellationToken)
    {
        foreach (var alias in Aliases.Where(alias => alias.KeyId == key.KeyId).ToList())
        {
            await aliases.RemoveAsync(alias.Name, _ => true, cancellationToken);
        }

        await keys.RemoveAsync(key.KeyId, Expired, cancellationToken);
    }

    public void Dispose()
    {
        keys.Dispose();
        aliases.Dispose();
    }

    private bool Expired(KeyRecord key) =>
        key.State == KeyState.PendingDeletion && key.DeletionDate <= time.GetUtcNow();
}
