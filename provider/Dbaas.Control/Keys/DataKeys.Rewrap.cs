using Amazon.KeyManagementService.Model;
using Dbaas.Control.Ids;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Keys;

internal sealed partial class DataKeys
{
    public async Task<Outcome<int>> RewrapAsync(
        TenantId tenant,
        string ownerId,
        KeyId key,
        CancellationToken cancellationToken
    )
    {
        List<WrappedKeyRow> rows;
        Dictionary<KeyId, CustomerKeyRow> keys;
        await using (var transaction = await tenants.BeginAsync(tenant, cancellationToken))
        {
            rows = await transaction
                .Db.Set<WrappedKeyRow>()
                .AsNoTracking()
                .Where(row => row.OwnerId == ownerId && row.RetiredAt == null && row.KeyId != key)
                .ToListAsync(cancellationToken);
            keys = await transaction
                .Db.Set<CustomerKeyRow>()
                .AsNoTracking()
                .ToDictionaryAsync(row => row.KeyId, cancellationToken);
        }

        if (!keys.TryGetValue(key, out var next))
        {
            return new Problem("key.unknown", 422, "The customer key is not registered.");
        }

        foreach (var row in rows)
        {
            if (row.Region != next.Region)
            {
                return new Problem(
                    "key.wrong_region",
                    422,
                    $"The key {next.Alias} is registered for {next.Region}, the data lies in {row.Region}."
                );
            }

            var ciphertext = await ReEncryptAsync(row, keys[row.KeyId], next, cancellationToken);
            if (!ciphertext.Succeeded)
            {
                return ciphertext.Problem;
            }

            await ReplaceAsync(row, next, ciphertext.Value, cancellationToken);
        }

        return rows.Count;
    }

    /// <summary>The key service opens and wraps again; neither data key nor context comes out of it changed.</summary>
    private async Task<Outcome<byte[]>> ReEncryptAsync(
        WrappedKeyRow row,
        CustomerKeyRow before,
        CustomerKeyRow after,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var ciphertext = new MemoryStream(row.Ciphertext);
            var answer = await services
                .Of(after.Region)
                .ReEncryptAsync(
                    new ReEncryptRequest
                    {
                        CiphertextBlob = ciphertext,
                        SourceKeyId = before.Arn,
                        SourceEncryptionContext = ContextOf(row),
                        DestinationKeyId = after.Arn,
                        DestinationEncryptionContext = ContextOf(row),
                    },
                    cancellationToken
                );
            return answer.CiphertextBlob.ToArray();
        }
        catch (Exception e) when (KeyServiceFailure.Is(e))
        {
            return KeyServiceFailure.Explain(e);
        }
    }

    private async Task ReplaceAsync(
        WrappedKeyRow read,
        CustomerKeyRow key,
        byte[] ciphertext,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(read.TenantId, cancellationToken);
        // A repeat may have been faster, and a key that was shredded meanwhile must stay so.
        var row = await transaction
            .Db.Set<WrappedKeyRow>()
            .SingleOrDefaultAsync(
                r => r.WrappedKeyId == read.WrappedKeyId && r.Version == read.Version,
                cancellationToken
            );
        if (row is not null)
        {
            row.Ciphertext = ciphertext;
            row.KeyId = key.KeyId;
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
