using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Npgsql;

namespace Dbaas.Control.Identity;

/// <summary>
/// Looks keys up as the platform role, because the tenant is not known before. Answers are kept for ten seconds: rights taken away
/// anywhere count everywhere well within the 30 seconds promised, and a busy key costs one query in ten seconds.
/// </summary>
internal sealed class Principals(IPlatformTransactions platform, TimeProvider time) : IPrincipals
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(10);
    private const int MaximumEntries = 10_000;

    private const string FindKey = """
        SELECT k.api_key_id, k.principal_id, p.name, k.tenant_id, k.secret_hash, k.expires_at
        FROM api_key k JOIN principal p USING (principal_id)
        WHERE k.prefix = $1 AND k.revoked_at IS NULL
        """;

    // Bindings to the platform have no tenant: they are read with an empty one and added to every tenant of the principal.
    private const string FindRights = """
        SELECT coalesce(b.tenant_id, ''), coalesce(t.name, ''), coalesce(b.resource_id, ''), r."right"
        FROM binding b JOIN role_right r USING (role_id) LEFT JOIN tenant t ON t.tenant_id = b.tenant_id
        WHERE b.principal_id = $1
        """;

    private volatile Answers _answers = new();

    // What was begun before ends with what was there then: it answers who asked for it, and nobody after.
    public void Forget() => _answers = new();

    // What is too old is asked for again, which a key that has opened the door once may do freely.
    public bool IsStranger(ApiKeySecret secret)
    {
        var answers = _answers;
        return !answers.Kept.ContainsKey(secret.Prefix)
            && !answers.Reading.ContainsKey(secret.Prefix);
    }

    public async Task<KnownPrincipal?> FindAsync(
        ApiKeySecret secret,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var answers = _answers;
        var kept = answers.Kept;
        if (
            !kept.TryGetValue(secret.Prefix, out var entry)
            || entry.Until <= now
            // The clock went back: kept until then, a right taken away would count for as long as that.
            || entry.Until > now + s_kept
        )
        {
            if (
                await ReadOnceAsync(answers.Reading, secret.Prefix, cancellationToken)
                is not { } read
            )
            {
                kept.TryRemove(secret.Prefix, out _);
                return null;
            }

            if (kept.Count >= MaximumEntries)
            {
                kept.Clear();
            }

            // The first of those who waited for one answer keeps it.
            var fresh = (Found: read, Until: now + s_kept, Touched: false);
            entry = kept.AddOrUpdate(
                secret.Prefix,
                fresh,
                (_, first) => ReferenceEquals(first.Found, read) ? first : fresh
            );
        }

        var found = entry.Found;
        if (
            !CryptographicOperations.FixedTimeEquals(found.SecretHash, secret.Hash())
            || found.ExpiresAt <= now
        )
        {
            return null;
        }

        // Only what opened the door counts as use: somebody who tries secrets must not make an abandoned key look busy.
        if (!entry.Touched && kept.TryUpdate(secret.Prefix, entry with { Touched = true }, entry))
        {
            await TouchAsync(found.Key, now, cancellationToken);
        }

        return found;
    }

    private async Task TouchAsync(
        ApiKeyId key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        await using var touch = transaction.Command(
            "UPDATE api_key SET last_used_at = $2 WHERE api_key_id = $1",
            new NpgsqlParameter { Value = key.ToString() },
            new NpgsqlParameter { Value = now }
        );
        await touch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // It is everybody's answer, so nobody's leaving ends it.
    private Task<KnownPrincipal?> ReadOnceAsync(
        ConcurrentDictionary<string, Lazy<Task<KnownPrincipal?>>> reading,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        return reading
            .GetOrAdd(prefix, _ => new(ReadForAllAsync))
            .Value.WaitAsync(cancellationToken);

        async Task<KnownPrincipal?> ReadForAllAsync()
        {
            try
            {
                return await ReadAsync(prefix, CancellationToken.None);
            }
            finally
            {
                reading.TryRemove(prefix, out _);
            }
        }
    }

    private async Task<KnownPrincipal?> ReadAsync(
        string prefix,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        KnownPrincipal? known = null;
        await using (
            var command = transaction.Command(FindKey, new NpgsqlParameter { Value = prefix })
        )
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                known = new KnownPrincipal(
                    TypedId.Parse<PrincipalId>(reader.GetString(1)),
                    TypedId.Parse<ApiKeyId>(reader.GetString(0)),
                    reader.GetString(2),
                    TypedId.Parse<TenantId>(reader.GetString(3)),
                    reader.GetFieldValue<byte[]>(4),
                    reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                    ImmutableDictionary<TenantId, string>.Empty,
                    ImmutableDictionary<TenantId, RightSet>.Empty
                );
            }
        }

        if (known is null)
        {
            return null;
        }

        var (tenants, rights) = await ReadRightsAsync(
            transaction,
            known.Principal,
            cancellationToken
        );
        return known with { Tenants = tenants, Rights = rights };
    }

    private static async Task<(
        IReadOnlyDictionary<TenantId, string>,
        IReadOnlyDictionary<TenantId, RightSet>
    )> ReadRightsAsync(
        MetadataTransaction transaction,
        PrincipalId principal,
        CancellationToken cancellationToken
    )
    {
        var tenants = new Dictionary<TenantId, string>();
        var rows = new List<(TenantId? Tenant, string Resource, string Right)>();
        await using var command = transaction.Command(
            FindRights,
            new NpgsqlParameter { Value = principal.ToString() }
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            TenantId? tenant = null;
            if (TypedId.TryParse(reader.GetString(0), out TenantId id))
            {
                tenant = id;
                tenants[id] = reader.GetString(1);
            }

            rows.Add((tenant, reader.GetString(2), reader.GetString(3)));
        }

        var rights = tenants.Keys.ToDictionary(
            tenant => tenant,
            tenant => Collect(rows.Where(row => row.Tenant is null || row.Tenant == tenant))
        );
        return (tenants, rights);
    }

    private static RightSet Collect(
        IEnumerable<(TenantId? Tenant, string Resource, string Right)> rows
    )
    {
        var grouped = rows.ToLookup(row => row.Resource, row => row.Right);
        return new RightSet(
            [.. grouped[""]],
            grouped
                .Where(group => group.Key.Length > 0)
                .ToImmutableDictionary(group => group.Key, group => group.ToImmutableHashSet())
        );
    }

    /// <summary>
    /// By prefix: what was found, and what is being looked up. Whoever asks with a key that is being looked up waits for that answer: when
    /// the one kept for a busy key is too old, all who use the key would ask at once.
    /// </summary>
    private sealed class Answers
    {
        public ConcurrentDictionary<
            string,
            (KnownPrincipal Found, DateTimeOffset Until, bool Touched)
        > Kept { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, Lazy<Task<KnownPrincipal?>>> Reading { get; } =
            new(StringComparer.Ordinal);
    }
}
