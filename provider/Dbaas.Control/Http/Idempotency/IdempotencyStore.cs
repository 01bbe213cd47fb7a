using System.Text.Json.Nodes;
using Dbaas.Control.Identity;
using Dbaas.Control.Metadata;
using Npgsql;

namespace Dbaas.Control.Http.Idempotency;

/// <summary>The table of first answers.</summary>
internal sealed class IdempotencyStore(ITenantTransactions tenants, TimeProvider time)
{
    /// <summary>How long an answer is replayed.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(24);

    /// <summary>
    /// After so long without an answer the process that began it has died: longer than all waits of a change together (50 s for the
    /// operation before it, 20 s for its turn, 60 s for its end, 10 s for hosts), so a live first request is never overtaken.
    /// </summary>
    private static readonly TimeSpan s_abandoned = TimeSpan.FromMinutes(5);

    // Claims the key: a new row, or one that has expired or was abandoned. No row comes back when somebody else holds it.
    private const string Claim = """
        INSERT INTO idempotency_record AS r (tenant_id, principal_id, key, request_hash, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant_id, principal_id, key) DO UPDATE
          SET request_hash = excluded.request_hash, created_at = excluded.created_at, expires_at = excluded.expires_at,
              status_code = NULL, headers = NULL, body = NULL
          WHERE r.expires_at <= $5 OR (r.status_code IS NULL AND r.created_at <= $7 AND r.request_hash = excluded.request_hash)
        RETURNING 1
        """;

    /// <returns>The claim, and no record when the caller must answer; else what is there.</returns>
    public async Task<(IdempotencyClaim Claim, IdempotencyRecord? First)> ClaimAsync(
        Caller caller,
        string key,
        byte[] requestHash,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        // As exact as the column, or it would not be found again.
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var held = new IdempotencyClaim(caller, key, now);
        await using var transaction = await tenants.BeginAsync(caller.Tenant, cancellationToken);
        await using (
            var claim = transaction.Command(
                Claim,
                [
                    .. Key(caller, key),
                    new() { Value = requestHash },
                    new() { Value = now },
                    new() { Value = now + s_kept },
                    new() { Value = now - s_abandoned },
                ]
            )
        )
        {
            if (await claim.ExecuteScalarAsync(cancellationToken) is not null)
            {
                await transaction.CommitAsync(cancellationToken);
                return (held, null);
            }
        }

        await using var read = transaction.Command(
            "SELECT request_hash, status_code, headers, body FROM idempotency_record WHERE tenant_id = $1 AND principal_id = $2 AND key = $3",
            Key(caller, key)
        );
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var first = await reader.ReadAsync(cancellationToken)
            ? new IdempotencyRecord(
                reader.GetFieldValue<byte[]>(0),
                reader.IsDBNull(1) ? null : reader.GetInt32(1),
                reader.IsDBNull(2) ? [] : JsonNode.Parse(reader.GetString(2))!.AsObject(),
                reader.IsDBNull(3) ? [] : reader.GetFieldValue<byte[]>(3)
            )
            : new IdempotencyRecord(requestHash, null, [], []); // released a moment ago: the client repeats
        return (held, first);
    }

    public Task KeepAsync(
        IdempotencyClaim claim,
        int status,
        JsonObject headers,
        byte[] sealedBody,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            claim,
            """
            UPDATE idempotency_record SET status_code = $5, headers = $6::jsonb, body = $7
            WHERE tenant_id = $1 AND principal_id = $2 AND key = $3 AND created_at = $4 AND status_code IS NULL
            """,
            [
                new() { Value = status },
                new() { Value = headers.ToJsonString() },
                new() { Value = sealedBody },
            ],
            cancellationToken
        );

    /// <summary>The answer was no answer (5xx, 429): the key is free again.</summary>
    public Task ReleaseAsync(IdempotencyClaim claim, CancellationToken cancellationToken) =>
        RunAsync(
            claim,
            """
            DELETE FROM idempotency_record
            WHERE tenant_id = $1 AND principal_id = $2 AND key = $3 AND created_at = $4 AND status_code IS NULL
            """,
            [],
            cancellationToken
        );

    /// <param name="claim">Becomes $1 to $4.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">From $5 on.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    private async Task RunAsync(
        IdempotencyClaim claim,
        string sql,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await tenants.BeginAsync(
            claim.Caller.Tenant,
            cancellationToken
        );
        await using var command = transaction.Command(
            sql,
            [.. Key(claim.Caller, claim.Key), new() { Value = claim.At }, .. parameters]
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static NpgsqlParameter[] Key(Caller caller, string key) =>
        [
            new() { Value = caller.Tenant.ToString() },
            new() { Value = caller.Principal.ToString() },
            new() { Value = key },
        ];
}
