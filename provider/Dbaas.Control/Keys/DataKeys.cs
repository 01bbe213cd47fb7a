using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Protocol.Host;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Keys;

/// <summary>No transaction is open while a key service is asked: a slow one must not hold rows or connections.</summary>
internal sealed partial class DataKeys(
    ITenantTransactions tenants,
    IKeyServices services,
    TimeProvider time
) : IDataKeys
{
    public async Task<Outcome<WrappedKeyRow>> EnsureAsync(
        DataKeyRequest request,
        CancellationToken cancellationToken
    )
    {
        CustomerKeyRow key;
        await using (var transaction = await tenants.BeginAsync(request.Tenant, cancellationToken))
        {
            if (await FindAsync(transaction, request, cancellationToken) is { } existing)
            {
                return existing;
            }

            if (
                await transaction
                    .Db.Set<CustomerKeyRow>()
                    .AsNoTracking()
                    .SingleOrDefaultAsync(row => row.KeyId == request.Key, cancellationToken)
                is not { } found
            )
            {
                return new Problem("key.unknown", 422, "The customer key is not registered.");
            }

            key = found;
        }

        var context = new Dictionary<string, string>
        {
            ["tenant"] = request.Tenant.ToString(),
            ["instance"] = request.Instance.ToString(),
            ["purpose"] = request.Purpose,
        };
        byte[] ciphertext;
        try
        {
            var answer = await services
                .Of(key.Region)
                .GenerateDataKeyWithoutPlaintextAsync(
                    new GenerateDataKeyWithoutPlaintextRequest
                    {
                        KeyId = key.Arn,
                        // A volume's key has two halves (AES-256-XTS); AES-256-GCM takes one.
                        NumberOfBytes = request.Purpose == "volume" ? 64 : 32,
                        EncryptionContext = context,
                    },
                    cancellationToken
                );
            ciphertext = answer.CiphertextBlob.ToArray();
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            return KeyServiceFailure.Explain(e);
        }

        return await StoreAsync(request, key, context, ciphertext, cancellationToken);
    }

    public async Task<Outcome<GrantedKey>> GrantAsync(
        TenantId tenant,
        WrappedKeyId id,
        CancellationToken cancellationToken
    )
    {
        WrappedKeyRow wrapped;
        CustomerKeyRow key;
        await using (var transaction = await tenants.BeginAsync(tenant, cancellationToken))
        {
            wrapped = await transaction
                .Db.Set<WrappedKeyRow>()
                .AsNoTracking()
                .SingleAsync(row => row.WrappedKeyId == id, cancellationToken);
            key = await transaction
                .Db.Set<CustomerKeyRow>()
                .AsNoTracking()
                .SingleAsync(row => row.KeyId == wrapped.KeyId, cancellationToken);
        }

        if (wrapped.Ciphertext.Length == 0)
        {
            return new Problem("key.shredded", 409, "The data key was destroyed.");
        }

        var context = ContextOf(wrapped);
        try
        {
            var grant = await services
                .Of(key.Region)
                .CreateGrantAsync(
                    new CreateGrantRequest
                    {
                        KeyId = key.Arn,
                        GranteePrincipal = services.HostPrincipalOf(key.Region),
                        Operations = [GrantOperation.Decrypt],
                        Constraints = new GrantConstraints { EncryptionContextSubset = context },
                    },
                    cancellationToken
                );
            var message = new WrappedKey
            {
                KeyEndpoint = key.Endpoint,
                KeyId = key.Arn,
                Ciphertext = ByteString.CopyFrom(wrapped.Ciphertext),
                GrantToken = grant.GrantToken,
            };
            message.Context.Add(context);
            return new GrantedKey(id, message, key.Region, grant.GrantId);
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            return KeyServiceFailure.Explain(e);
        }
    }

    public async Task<Outcome<Done>> RetireAsync(
        GrantedKey granted,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await services
                .Of(granted.KeyRegion)
                .RetireGrantAsync(
                    new RetireGrantRequest
                    {
                        KeyId = granted.Message.KeyId,
                        GrantId = granted.GrantId,
                    },
                    cancellationToken
                );
            return Done.Value;
        }
        catch (Exception e) when (e is NotFoundException or InvalidGrantIdException)
        {
            return Done.Value;
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            return KeyServiceFailure.Explain(e);
        }
    }

    public async Task<int> ShredAsync(
        TenantId tenant,
        string ownerId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(tenant, cancellationToken);
        var rows = await transaction
            .Db.Set<WrappedKeyRow>()
            .Where(row => row.OwnerId == ownerId)
            .ToListAsync(cancellationToken);
        var shredded = 0;
        foreach (var row in rows.Where(row => row.Ciphertext.Length > 0))
        {
            row.Ciphertext = [];
            row.RetiredAt ??= time.GetUtcNow();
            shredded++;
        }

        await transaction.CommitAsync(cancellationToken);
        return shredded;
    }

    internal static Dictionary<string, string> ContextOf(WrappedKeyRow row) =>
        row
            .Context.AsObject()
            .ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>());

    private async Task<Outcome<WrappedKeyRow>> StoreAsync(
        DataKeyRequest request,
        CustomerKeyRow key,
        Dictionary<string, string> context,
        byte[] ciphertext,
        CancellationToken cancellationToken
    )
    {
        var row = new WrappedKeyRow
        {
            WrappedKeyId = TypedId.New<WrappedKeyId>(time),
            TenantId = request.Tenant,
            OwnerId = request.OwnerId,
            Purpose = request.Purpose,
            KeyId = key.KeyId,
            Region = key.Region,
            Ciphertext = ciphertext,
            Context = new JsonObject(
                context.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
            ),
            CreatedAt = time.GetUtcNow(),
        };
        await using var transaction = await tenants.BeginAsync(request.Tenant, cancellationToken);
        // A repeated step may have been faster; the unique index lets one key win, and both answer that one.
        await using (
            var insert = transaction.Command(
                """
                INSERT INTO wrapped_key (wrapped_key_id, tenant_id, owner_id, purpose, key_id, region, ciphertext, context, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9) ON CONFLICT DO NOTHING
                """,
                new() { Value = row.WrappedKeyId.ToString() },
                new() { Value = row.TenantId.ToString() },
                new() { Value = row.OwnerId },
                new() { Value = row.Purpose },
                new() { Value = row.KeyId.ToString() },
                new() { Value = row.Region },
                new() { Value = row.Ciphertext },
                new() { Value = row.Context.ToJsonString() },
                new() { Value = row.CreatedAt }
            )
        )
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        var stored = await FindAsync(transaction, request, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stored!;
    }

    private static Task<WrappedKeyRow?> FindAsync(
        TenantTransaction transaction,
        DataKeyRequest request,
        CancellationToken cancellationToken
    ) =>
        transaction
            .Db.Set<WrappedKeyRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                row =>
                    row.OwnerId == request.OwnerId
                    && row.Purpose == request.Purpose
                    && row.RetiredAt == null,
                cancellationToken
            );
}
