using System.Security.Cryptography;
using Amazon.KeyManagementService.Model;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Keys;

internal sealed class CredentialVault(
    ITenantTransactions tenants,
    IDataKeys dataKeys,
    IKeyServices services,
    TimeProvider time
) : ICredentialVault
{
    private const string Purpose = "credentials";

    public async Task<Outcome<IReadOnlyDictionary<string, string>>> EnsureAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        IReadOnlyDictionary<string, Func<string>> drawByName,
        CancellationToken cancellationToken
    )
    {
        var wrapped = await DataKeyAsync(tenant, instance, key, cancellationToken);
        if (!wrapped.Succeeded)
        {
            return wrapped.Problem;
        }

        return await WithKeyAsync<IReadOnlyDictionary<string, string>>(
            wrapped.Value,
            async plainKey =>
            {
                await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
                foreach (var (name, draw) in drawByName)
                {
                    // Two runs of one step may draw at once; the first row stays and both read it.
                    await using var insert = transaction.Command(
                        """
                        INSERT INTO credential (credential_id, tenant_id, owner_id, name, wrapped_key_id, sealed, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, owner_id, name) DO NOTHING
                        """,
                        new() { Value = TypedId.New<CredentialId>(time).ToString() },
                        new() { Value = tenant.ToString() },
                        new() { Value = instance.ToString() },
                        new() { Value = name },
                        new() { Value = wrapped.Value.WrappedKeyId.ToString() },
                        new()
                        {
                            Value = SecretSeal.Seal(
                                plainKey,
                                Place(tenant, instance, name),
                                draw()
                            ),
                        },
                        new() { Value = time.GetUtcNow() }
                    );
                    await insert.ExecuteNonQueryAsync(cancellationToken);
                }

                var rows = await RowsAsync(transaction, instance, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return Open(rows.Where(row => drawByName.ContainsKey(row.Name)), plainKey);
            },
            cancellationToken
        );
    }

    public async Task<Outcome<IReadOnlyDictionary<string, string>>> ReadAsync(
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    )
    {
        List<CredentialRow> rows;
        WrappedKeyRow? wrapped;
        await using (var transaction = await tenants.BeginAsync(tenant, cancellationToken))
        {
            rows = await RowsAsync(transaction, instance, cancellationToken);
            wrapped = await transaction
                .Db.Set<WrappedKeyRow>()
                .AsNoTracking()
                .Where(row => row.OwnerId == instance.ToString() && row.Purpose == Purpose)
                .SingleOrDefaultAsync(row => row.RetiredAt == null, cancellationToken);
        }

        if (rows.Count == 0)
        {
            return Outcome<IReadOnlyDictionary<string, string>>.Of(
                new Dictionary<string, string>()
            );
        }

        if (wrapped is null)
        {
            return new Problem("key.shredded", 409, "The key of these credentials was destroyed.");
        }

        return await WithKeyAsync<IReadOnlyDictionary<string, string>>(
            wrapped,
            plainKey => Task.FromResult<IReadOnlyDictionary<string, string>>(Open(rows, plainKey)),
            cancellationToken
        );
    }

    public async Task<Outcome<Done>> ReplaceAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        string name,
        string secret,
        CancellationToken cancellationToken
    )
    {
        var wrapped = await DataKeyAsync(tenant, instance, key, cancellationToken);
        if (!wrapped.Succeeded)
        {
            return wrapped.Problem;
        }

        return await WithKeyAsync(
            wrapped.Value,
            async plainKey =>
            {
                await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
                await using var upsert = transaction.Command(
                    """
                    INSERT INTO credential AS c (credential_id, tenant_id, owner_id, name, wrapped_key_id, sealed, created_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)
                    ON CONFLICT (tenant_id, owner_id, name) DO UPDATE
                      SET wrapped_key_id = excluded.wrapped_key_id, sealed = excluded.sealed, version = c.version + 1
                    """,
                    new() { Value = TypedId.New<CredentialId>(time).ToString() },
                    new() { Value = tenant.ToString() },
                    new() { Value = instance.ToString() },
                    new() { Value = name },
                    new() { Value = wrapped.Value.WrappedKeyId.ToString() },
                    new()
                    {
                        Value = SecretSeal.Seal(plainKey, Place(tenant, instance, name), secret),
                    },
                    new() { Value = time.GetUtcNow() }
                );
                await upsert.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return Done.Value;
            },
            cancellationToken
        );
    }

    public async Task ForgetAsync(
        TenantId tenant,
        InstanceId instance,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        await transaction
            .Db.Set<CredentialRow>()
            .Where(row => row.OwnerId == instance.ToString())
            .ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private Task<Outcome<WrappedKeyRow>> DataKeyAsync(
        TenantId tenant,
        InstanceId instance,
        KeyId key,
        CancellationToken cancellationToken
    ) =>
        dataKeys.EnsureAsync(
            new DataKeyRequest(tenant, key, instance, instance.ToString(), Purpose),
            cancellationToken
        );

    /// <summary>Unwraps the data key, uses it and wipes it.</summary>
    private async Task<Outcome<T>> WithKeyAsync<T>(
        WrappedKeyRow wrapped,
        Func<byte[], Task<T>> use,
        CancellationToken cancellationToken
    )
        where T : notnull
    {
        byte[] plainKey;
        try
        {
            using var ciphertext = new MemoryStream(wrapped.Ciphertext);
            var answer = await services
                .Of(wrapped.Region)
                .DecryptAsync(
                    new DecryptRequest
                    {
                        CiphertextBlob = ciphertext,
                        EncryptionContext = DataKeys.ContextOf(wrapped),
                    },
                    cancellationToken
                );
            plainKey = answer.Plaintext.ToArray();
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            return KeyServiceFailure.Explain(e);
        }

        try
        {
            return await use(plainKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plainKey);
        }
    }

    private static Dictionary<string, string> Open(
        IEnumerable<CredentialRow> rows,
        byte[] plainKey
    ) =>
        rows.ToDictionary(
            row => row.Name,
            row => SecretSeal.Open(plainKey, $"{row.TenantId}|{row.OwnerId}|{row.Name}", row.Sealed)
        );

    private static Task<List<CredentialRow>> RowsAsync(
        TenantTransaction transaction,
        InstanceId instance,
        CancellationToken cancellationToken
    ) =>
        transaction
            .Db.Set<CredentialRow>()
            .AsNoTracking()
            .Where(row => row.OwnerId == instance.ToString())
            .ToListAsync(cancellationToken);

    private static string Place(TenantId tenant, InstanceId instance, string name) =>
        $"{tenant}|{instance}|{name}";
}
